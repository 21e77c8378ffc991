# A layer is a static library of src/<name>/ that links only the layers below it, so that a call
# upwards ends in an undefined reference.
function(sg_layer name)
  cmake_parse_arguments(arg "" "BELOW" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/app/main\\.c$")
  if(NOT sources)
    message(FATAL_ERROR "layer ${name} has no sources")
  endif()
  add_library(sg_${name} STATIC ${sources})
  target_include_directories(sg_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(sg_${name} PUBLIC ${arg_LINK})
  if(arg_BELOW)
    target_link_libraries(sg_${name} PUBLIC sg_${arg_BELOW})
  endif()
endfunction()

# libsillage: every layer but app, in one archive, for others to build on. Takes the objects of the
# layers as they are, so that nothing is compiled twice.
function(sg_library)
  set(objects)
  foreach(name IN LISTS ARGN)
    list(APPEND objects $<TARGET_OBJECTS:sg_${name}>)
  endforeach()
  add_library(libsillage STATIC ${objects})
  set_target_properties(libsillage PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME sillage
    ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  target_include_directories(libsillage PUBLIC ${PROJECT_SOURCE_DIR}/src)
endfunction()
