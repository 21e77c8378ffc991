# tests/<layer>/**/x.c -> test_<layer>_x, linked with that layer and those below only.
# fuzz/fuzz_x.c -> its corpus fuzz/corpora/x runs as an ordinary test through a standalone driver.
# tests/e2e/x.sh -> the built program on fixtures.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/support/*.c)
add_library(sg_test_support STATIC ${support})
target_include_directories(sg_test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(sg_test_support PUBLIC sg_base PkgConfig::CMOCKA)
set(sg_test_env
  "SILLAGE=$<TARGET_FILE:sillage>"
  "SG_SOURCE=${PROJECT_SOURCE_DIR}"
  "SG_BUILD=${CMAKE_BINARY_DIR}"
  "SG_SHARED=${PROJECT_SOURCE_DIR}/../shared")
# Everything that ctest runs, and nothing else.
add_custom_target(sg_tests)
add_dependencies(sg_tests sillage)

foreach(layer base formats store analysis app)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${layer}/*.c)
  foreach(source IN LISTS tests)
    get_filename_component(stem ${source} NAME_WE)
    set(name test_${layer}_${stem})
    # An oracle is a slow, plain version of the same thing: tests/oracle/<stem>.c where there is one.
    set(oracle ${PROJECT_SOURCE_DIR}/tests/oracle/${stem}.c)
    if(NOT EXISTS ${oracle})
      set(oracle)
    endif()
    add_executable(${name} ${source} ${oracle})
    target_link_libraries(${name} PRIVATE sg_test_support sg_${layer})
    add_dependencies(sg_tests ${name})
    add_test(NAME ${layer}/${stem} COMMAND ${name})
    set_tests_properties(${layer}/${stem} PROPERTIES ENVIRONMENT "${sg_test_env}" LABELS unit)
  endforeach()
endforeach()

file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src
  ${PROJECT_SOURCE_DIR}/src/*/*.h ${PROJECT_SOURCE_DIR}/src/*/*/*.h)
set(header_sources)
foreach(header IN LISTS headers)
  string(MAKE_C_IDENTIFIER ${header} id)
  set(unit ${CMAKE_BINARY_DIR}/headers/${id}.c)
  file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\nint sg_header_${id};\nint sg_header_${id} = 1;\n")
  list(APPEND header_sources ${unit})
endforeach()
if(header_sources)
  add_library(sg_headers OBJECT EXCLUDE_FROM_ALL ${header_sources})
  target_include_directories(sg_headers PRIVATE ${PROJECT_SOURCE_DIR}/src)
endif()

file(GLOB targets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/fuzz_*.c)
foreach(source IN LISTS targets)
  get_filename_component(name ${source} NAME_WE)
  string(REPLACE "fuzz_" "" corpus ${name})
  if(SG_LIBFUZZER)
    add_executable(${name} ${source})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${source} ${PROJECT_SOURCE_DIR}/fuzz/driver.c)
  endif()
  target_link_libraries(${name} PRIVATE sg_analysis)
  add_dependencies(sg_tests ${name})
  add_test(NAME fuzz/${corpus} COMMAND ${name} ${PROJECT_SOURCE_DIR}/fuzz/corpora/${corpus})
  set_tests_properties(fuzz/${corpus} PROPERTIES LABELS fuzz)
endforeach()

file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/e2e/*.sh)
foreach(script IN LISTS scripts)
  get_filename_component(stem ${script} NAME_WE)
  if(stem STREQUAL "lib")
    continue()
  endif()
  add_test(NAME e2e/${stem} COMMAND sh ${script})
  set_tests_properties(e2e/${stem} PROPERTIES ENVIRONMENT "${sg_test_env}" LABELS e2e)
endforeach()

# bench/bench_x.c -> bench_x, with the clock and the yardsticks of bench/yardstick.h. Not tests: no
# figure of a machine is right or wrong. Files x_*.c are parts of bench_x. The target `benches` builds
# them all.
add_library(sg_yardstick STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/bench/yardstick.c)
target_include_directories(sg_yardstick PUBLIC ${PROJECT_SOURCE_DIR}/bench)
target_link_libraries(sg_yardstick PRIVATE PkgConfig::LMDB)
add_custom_target(benches)
file(GLOB benches CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/bench_*.c)
foreach(source IN LISTS benches)
  get_filename_component(name ${source} NAME_WE)
  string(REPLACE bench_ "" stem ${name})
  file(GLOB parts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/${stem}_*.c)
  add_executable(${name} EXCLUDE_FROM_ALL ${source} ${parts})
  target_link_libraries(${name} PRIVATE sg_yardstick sg_test_support sg_app)
  add_dependencies(benches ${name})
endforeach()
