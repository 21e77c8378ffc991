/** Names as UUIDs, so that the same thing has the same id in every export (RFC 9562, version 5). */
#ifndef SG_BASE_UUID_H
#define SG_BASE_UUID_H

#include <stddef.h>

/** "9c5b94b1-35ad-49bb-b118-8e8fc24abf80" and its terminator. */
#define SG_UUID_TEXT_MAX 37

/** The id of a name.
 *  Out: text       terminated, lower case; returned too.
 *  In:  name_space a UUID as text; asserted to be one. */
char *sg_uuid5(char text[SG_UUID_TEXT_MAX], const char *name_space, const char *name, size_t size);

#endif
