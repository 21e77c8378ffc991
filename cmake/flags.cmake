# Warnings, one a line, alphabetical. Appended only where the compiler takes them.
include(CheckCCompilerFlag)
set(sg_warnings
  -Wall
  -Wcast-align
  -Wconversion
  -Wextra
  -Wformat=2
  -Wmissing-prototypes
  -Wpedantic
  -Wpointer-arith
  -Wshadow
  -Wstrict-prototypes
  -Wswitch-enum
  -Wundef
  -Wvla
  -Wwrite-strings)
foreach(flag IN LISTS sg_warnings)
  string(MAKE_C_IDENTIFIER "HAVE${flag}" var)
  check_c_compiler_flag(${flag} ${var})
  if(${var})
    add_compile_options(${flag})
  endif()
endforeach()
# CI sets WERROR_CFLAGS=-Werror; users' builds never stop at a warning.
if(DEFINED ENV{WERROR_CFLAGS})
  separate_arguments(werror UNIX_COMMAND "$ENV{WERROR_CFLAGS}")
  add_compile_options(${werror})
endif()
add_compile_definitions(_GNU_SOURCE)
if(SG_CHECKED)
  add_compile_definitions(SG_CHECKED=1)
else()
  add_compile_definitions(SG_CHECKED=0)
endif()
if(SG_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(SG_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
