/** How alike two folded texts are. Bytes are letters here: base/fold has written what it could in
 *  Latin. Of longer texts the first SG_LINK_TEXT_MAX bytes are compared. Nothing is allocated. */
#ifndef SG_ANALYSIS_LINK_TEXT_H
#define SG_ANALYSIS_LINK_TEXT_H

#include "base/text.h"

#include <stdint.h>

#define SG_LINK_TEXT_MAX 64

/** Jaro-Winkler similarity, 0 to 1; 1 only for equal texts, 0 where one is empty.
 *  Source: W. E. Winkler, String comparator metrics and enhanced decision rules in the
 *  Fellegi-Sunter model of record linkage, 1990; prefix scale 0.1, at most 4 letters. */
double sg_link_jaro_winkler(struct sg_text a, struct sg_text b);

/** Insertions, deletions, substitutions and swaps of neighbours between two texts; max + 1 where
 *  there are more than `max`, which is 2 at most.
 *  Source: F. J. Damerau, doi:10.1145/363958.363994, in its restricted form. */
unsigned sg_link_distance(struct sg_text a, struct sg_text b, unsigned max);

/** A key that letters which sound alike in many languages share; 0 without any letter.
 *  Source: Soundex, US patent 1,261,167; here the first letter is coded too (Karl, Carl) and six
 *  consonants count. */
uint32_t sg_link_phonetic(struct sg_text text);

/** One bit for each letter and digit that occurs: texts with few bits in common are not alike. */
uint64_t sg_link_letters(struct sg_text text);

/** Groups of given names that stand for one another (Robert, Bob), a bit each; 0: in none. */
uint64_t sg_link_nicknames(struct sg_text text);

/** 64 bits that near texts share nearly all of, from pairs of neighbouring words.
 *  Source: M. S. Charikar, doi:10.1145/509907.509965. */
uint64_t sg_link_simhash(struct sg_text text);

/** Mix 64 bits. Source: splitmix64's finisher, doi:10.1145/2714064.2660195. */
static inline uint64_t sg_link_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/** A number from bytes: keys of blocks, words of texts. */
uint64_t sg_link_hash(struct sg_text text);

#endif
