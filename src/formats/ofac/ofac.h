/** OFAC's lists in the "advanced" XML form: the digital currency addresses, with the party.
 *
 *  A party (DistinctParty, with one or more profiles) has names and features; a feature whose type
 *  is called "Digital Currency Address - XBT" holds an address. What is sanctioned, when and under
 *  which programme stands far behind the parties (SanctionsEntry), so labels are handed over when
 *  the file ends. Parties without an address are forgotten at once: memory holds the few hundred
 *  that have one.
 *
 *  Each address becomes one label: category sanctioned, confidence high, entity the party's primary
 *  name, aliases all its others, programme the codes of its measures ("CYBER2, DPRK3"), listed the
 *  party's first entry on the list. That is the *party's* day: an address may have been added to a
 *  party that was on the list before, which only an earlier list can show (docs/methods/screen.md).
 *
 *  Source: U.S. Department of the Treasury, OFAC, SDN advanced XML (namespace ADVANCED_XML), as
 *  published 2025-11-19; and "Advanced Sanctions Data Model" as its element names describe it.
 */
#ifndef SG_FORMATS_OFAC_H
#define SG_FORMATS_OFAC_H

#include "formats/label/label.h"

/** Addresses of one list, at most: the list of 2025 has 761. */
#define SG_OFAC_ADDRESSES_MAX ((size_t)1 << 20)

struct sg_ofac;

/** New parser. Owner: the caller, until sg_ofac_free. sink: copied. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_ofac_new(struct sg_ofac **ofac, const struct sg_label_sink *sink,
                                         struct sg_err *err);

/** Take the next bytes of the unpacked file, in pieces of any size.
 *  Errors: as sg_xml_feed; SG_EPARSE with line and column for an identifier that is no number;
 *          SG_ELIMIT for a party or list that is too large. After one only sg_ofac_free is allowed.
 *  Cost: within twice what expat needs to walk the same bytes (bench/bench_labels.c). */
SG_MUST_CHECK enum sg_status sg_ofac_feed(struct sg_ofac *ofac, const char *bytes, size_t size,
                                          struct sg_err *err);

/** Say that the file has ended, and take the labels, in the order of the file.
 *  Out: pack   texts live until sg_ofac_free: list "ofac-sdn" if an entry is on the SDN List, else
 *              "ofac-consolidated"; date the list's date of issue.
 *  Errors: as feed; SG_EPARSE where the document is cut, or is not OFAC's (no list date, or no
 *          reference values); what the sink returned. */
SG_MUST_CHECK enum sg_status sg_ofac_finish(struct sg_label_pack *pack, struct sg_ofac *ofac,
                                            struct sg_err *err);

/** NULL is allowed. */
void sg_ofac_free(struct sg_ofac *ofac);

#endif
