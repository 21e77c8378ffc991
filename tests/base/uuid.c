/* Version 5 UUIDs: RFC 9562's example, and the id that STIX's wallet extension gives as its own. */
#include "support/check.h"

#include "base/uuid.h"

#include <string.h>

static void assert_id(const char *space, const char *name, const char *want)
{
    char text[SG_UUID_TEXT_MAX];
    memset(text, 0xa5, sizeof(text));
    assert_string_equal(sg_uuid5(text, space, name, strlen(name)), want);
}

static void test_published_examples(void **state)
{
    (void)state;
    assert_id("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com",
              "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    assert_id("00abedb4-aa42-466c-9c01-fed23315a9b7", "1KFHE7w8BhaENAswwryaoccDb6qcT6DbYY",
              "b6ae6083-875f-5fe9-84b9-89e168f89406");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published_examples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
