# workers/rules.yaml becomes a C file, so that `sillage workers check` needs no file beside the
# program.
set(sg_rules ${PROJECT_SOURCE_DIR}/workers/rules.yaml)
set(sg_rules_unit ${CMAKE_BINARY_DIR}/redrules_builtin.c)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sg_rules})
file(READ ${sg_rules} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(CONCAT sg_rules_text
  "#include \"formats/redrules/redrules.h\"\n"
  "static const unsigned char bytes[] = {${bytes}};\n"
  "struct sg_text sg_redrules_builtin(void)\n{\n"
  "    return (struct sg_text){(const char *)bytes, sizeof(bytes)};\n}\n")
file(CONFIGURE OUTPUT ${sg_rules_unit} CONTENT "${sg_rules_text}" @ONLY)
target_sources(sg_formats PRIVATE ${sg_rules_unit})
target_sources(libsillage PRIVATE ${sg_rules_unit})
