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

# libsillage: every layer but app, in one archive, for others to build on.
function(sg_library)
  set(sources)
  foreach(name IN LISTS ARGN)
    file(GLOB_RECURSE more CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.c)
    list(APPEND sources ${more})
  endforeach()
  add_library(libsillage STATIC ${sources})
  set_target_properties(libsillage PROPERTIES OUTPUT_NAME sillage
    ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  target_include_directories(libsillage PUBLIC ${PROJECT_SOURCE_DIR}/src)
endfunction()
