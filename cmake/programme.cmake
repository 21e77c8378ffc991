# The cited tables of programme/ become one C file, so that `sillage programme --builtin` needs no
# file beside the program.
set(sg_programme_tables incidents.csv totals.csv launches.csv facts.csv sources.csv assumptions.yaml)
set(sg_programme_unit ${CMAKE_BINARY_DIR}/programme_builtin.c)
set(sg_programme_text "#include \"formats/programme/programme.h\"\n")
set(sg_programme_cases)
foreach(table IN LISTS sg_programme_tables)
  set(path ${PROJECT_SOURCE_DIR}/programme/${table})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(MAKE_C_IDENTIFIER ${table} id)
  string(APPEND sg_programme_text "static const unsigned char ${id}[] = {${bytes}};\n")
  string(TOUPPER ${id} upper)
  string(APPEND sg_programme_cases
    "    case SG_BUILTIN_${upper}:\n        return (struct sg_text){(const char *)${id}, sizeof(${id})};\n")
endforeach()
string(APPEND sg_programme_text
  "struct sg_text sg_programme_builtin(enum sg_programme_table table)\n{\n    switch (table) {\n"
  "${sg_programme_cases}    }\n    return (struct sg_text){NULL, 0};\n}\n")
file(CONFIGURE OUTPUT ${sg_programme_unit} CONTENT "${sg_programme_text}" @ONLY)
target_sources(sg_formats PRIVATE ${sg_programme_unit})
target_sources(libsillage PRIVATE ${sg_programme_unit})
