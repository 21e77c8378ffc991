/** Sanctions lists of the EU, the UK and the UN: the crypto addresses in their remarks, with the
 *  party.
 *
 *  OFAC's list has a field for addresses (formats/ofac); these have not. An address stands in a
 *  remark, an identification, a statement of reasons, and so every text and attribute of a party is
 *  searched (formats/recognise). What is found becomes a label: category sanctioned, confidence
 *  high, entity the party's primary name, aliases all its others, programme its regime, listed the
 *  day that the list gives, actor the list's own reference. A text that has an address's form and
 *  a wrong checksum is told as bad: the list has a typing error, or it is something else.
 *
 *  The forms that are read:
 *      eu-fsf            "Financial Sanctions Files" XML 1.1, root <export>
 *      uk-sanctions      UK Sanctions List, XML (root <Designations>) and CSV; OFSI's older
 *                        Consolidated List, XML (root <ArrayOfFinancialSanctionsTarget>) and CSV
 *      un-consolidated   Security Council Consolidated List, XML, root <CONSOLIDATED_LIST>
 *  They were learnt from descriptions and from programs that read them; docs/formats/labels.md says
 *  which were tried on real files. Memory: the names of all parties. */
#ifndef SG_FORMATS_PARTIES_H
#define SG_FORMATS_PARTIES_H

#include "formats/label/label.h"

enum sg_parties_list { SG_PARTIES_EU, SG_PARTIES_UK, SG_PARTIES_UN };

/** Names of parties in one list, at most: the UK's has some 20,000. */
#define SG_PARTIES_NAMES_MAX ((size_t)1 << 22)

struct sg_parties;

/** New parser. Owner: the caller, until sg_parties_free. sink: copied. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_parties_new(struct sg_parties **parties, enum sg_parties_list list,
                                            const struct sg_label_sink *sink, struct sg_err *err);

/** Take the next bytes of the unpacked file.
 *  Errors: as sg_xml_feed; SG_EPARSE with line and column where the root or the first line is not
 *          this list's; SG_ELIMIT. After one only sg_parties_free is allowed.
 *  Cost: linear; the search for addresses is most of it. */
SG_MUST_CHECK enum sg_status sg_parties_feed(struct sg_parties *parties, const char *bytes,
                                             size_t size, struct sg_err *err);

/** Say that the file has ended, and take the labels, in the order of the file.
 *  Out: pack   texts live until sg_parties_free; list "eu-fsf", "uk-sanctions" or
 *              "un-consolidated"; date the list's own, or unknown. */
SG_MUST_CHECK enum sg_status sg_parties_finish(struct sg_label_pack *pack,
                                               struct sg_parties *parties, struct sg_err *err);

/** NULL is allowed. */
void sg_parties_free(struct sg_parties *parties);

#endif
