/* Which language a file is in. Names first: they are right far more often than contents. */
#include "formats/lexis/lexis.h"

#include "base/mem.h"

#include <strings.h>

struct name_row {
    const char *name;
    enum sg_lang lang;
};

/* Endings of file names, without the dot. */
static const struct name_row endings[] = {
    {"c", SG_LANG_C},           {"h", SG_LANG_C},
    {"cc", SG_LANG_C},          {"cpp", SG_LANG_C},
    {"cxx", SG_LANG_C},         {"hh", SG_LANG_C},
    {"hpp", SG_LANG_C},         {"hxx", SG_LANG_C},
    {"ipp", SG_LANG_C},         {"inl", SG_LANG_C},
    {"m", SG_LANG_C},           {"mm", SG_LANG_C},
    {"java", SG_LANG_C},        {"kt", SG_LANG_C},
    {"kts", SG_LANG_C},         {"cs", SG_LANG_C},
    {"swift", SG_LANG_C},       {"scala", SG_LANG_C},
    {"dart", SG_LANG_C},        {"groovy", SG_LANG_C},
    {"gradle", SG_LANG_C},      {"y", SG_LANG_C},
    {"l", SG_LANG_C},           {"re", SG_LANG_C},
    {"cu", SG_LANG_C},          {"proto", SG_LANG_C},
    {"js", SG_LANG_JS},         {"jsx", SG_LANG_JS},
    {"mjs", SG_LANG_JS},        {"cjs", SG_LANG_JS},
    {"ts", SG_LANG_JS},         {"tsx", SG_LANG_JS},
    {"mts", SG_LANG_JS},        {"cts", SG_LANG_JS},
    {"vue", SG_LANG_JS},        {"svelte", SG_LANG_JS},
    {"coffee", SG_LANG_PYTHON}, {"sol", SG_LANG_SOLIDITY},
    {"go", SG_LANG_GO},         {"rs", SG_LANG_RUST},
    {"move", SG_LANG_RUST},     {"cairo", SG_LANG_RUST},
    {"php", SG_LANG_PHP},       {"phpt", SG_LANG_PHP},
    {"inc", SG_LANG_PHP},       {"py", SG_LANG_PYTHON},
    {"pyx", SG_LANG_PYTHON},    {"pyi", SG_LANG_PYTHON},
    {"vy", SG_LANG_PYTHON},     {"bzl", SG_LANG_PYTHON},
    {"rb", SG_LANG_RUBY},       {"rake", SG_LANG_RUBY},
    {"gemspec", SG_LANG_RUBY},  {"pl", SG_LANG_RUBY},
    {"pm", SG_LANG_RUBY},       {"ex", SG_LANG_RUBY},
    {"exs", SG_LANG_RUBY},      {"sh", SG_LANG_SHELL},
    {"bash", SG_LANG_SHELL},    {"zsh", SG_LANG_SHELL},
    {"ksh", SG_LANG_SHELL},     {"mk", SG_LANG_MAKE},
    {"mak", SG_LANG_MAKE},      {"am", SG_LANG_MAKE},
    {"m4", SG_LANG_M4},         {"ac", SG_LANG_M4},
    {"cmake", SG_LANG_CMAKE},   {"json", SG_LANG_JSON},
    {"json5", SG_LANG_JSON},    {"yml", SG_LANG_YAML},
    {"yaml", SG_LANG_YAML},     {"toml", SG_LANG_TOML},
    {"ini", SG_LANG_TOML},      {"cfg", SG_LANG_TOML},
    {"conf", SG_LANG_TOML},     {"lock", SG_LANG_TOML},
    {"xml", SG_LANG_MARKUP},    {"html", SG_LANG_MARKUP},
    {"htm", SG_LANG_MARKUP},    {"svg", SG_LANG_MARKUP},
    {"md", SG_LANG_TEXT},       {"rst", SG_LANG_TEXT},
    {"txt", SG_LANG_TEXT},      {"adoc", SG_LANG_TEXT},
    {"po", SG_LANG_TEXT},       {"dockerfile", SG_LANG_DOCKER},
};

/* Whole names; before endings, because CMakeLists.txt is no prose. */
static const struct name_row names[] = {
    {"CMakeLists.txt", SG_LANG_CMAKE},
    {"Makefile", SG_LANG_MAKE},
    {"makefile", SG_LANG_MAKE},
    {"GNUmakefile", SG_LANG_MAKE},
    {"Makefile.in", SG_LANG_MAKE},
    {"Kbuild", SG_LANG_MAKE},
    {"configure", SG_LANG_M4},
    {"configure.in", SG_LANG_M4},
    {"Dockerfile", SG_LANG_DOCKER},
    {"Containerfile", SG_LANG_DOCKER},
    {"Gemfile", SG_LANG_RUBY},
    {"Rakefile", SG_LANG_RUBY},
    {"Podfile", SG_LANG_RUBY},
    {"Jenkinsfile", SG_LANG_C},
    {"BUILD", SG_LANG_PYTHON},
    {"WORKSPACE", SG_LANG_PYTHON},
    {"SConstruct", SG_LANG_PYTHON},
    {"meson.build", SG_LANG_PYTHON},
    {"requirements.txt", SG_LANG_TOML},
    {"yarn.lock", SG_LANG_YAML},
    {"composer.lock", SG_LANG_JSON},
    {"Pipfile.lock", SG_LANG_JSON},
    {"go.mod", SG_LANG_GO},
    {".npmrc", SG_LANG_TOML},
    {".gitmodules", SG_LANG_TOML},
    {"deno.lock", SG_LANG_JSON},
    {".babelrc", SG_LANG_JSON},
    {"Pipfile", SG_LANG_TOML},
};

static struct sg_text after_last(struct sg_text text, char mark)
{
    for (size_t i = text.size; i > 0; i--)
        if (text.data[i - 1] == mark)
            return (struct sg_text){text.data + i, text.size - i};
    return (struct sg_text){NULL, 0};
}

static bool same_folded(struct sg_text text, const char *word)
{
    const size_t size = strlen(word);
    return text.size == size && strncasecmp(text.data, word, size) == 0;
}

static enum sg_lang of_shebang(struct sg_text text)
{
    static const struct name_row programs[] = {
        {"python", SG_LANG_PYTHON}, {"node", SG_LANG_JS}, {"ruby", SG_LANG_RUBY},
        {"perl", SG_LANG_RUBY},     {"php", SG_LANG_PHP}, {"sh", SG_LANG_SHELL},
    };
    if (text.size < 3 || memcmp(text.data, "#!", 2) != 0)
        return SG_LANG_UNKNOWN;
    const size_t window = text.size < 128 ? text.size : 128;
    const char *end = memchr(text.data, '\n', window);
    const size_t size = end ? (size_t)(end - text.data) : window;
    for (size_t i = 0; i < SG_COUNT_OF(programs); i++)
        if (memmem(text.data, size, programs[i].name, strlen(programs[i].name)))
            return programs[i].lang;
    return SG_LANG_UNKNOWN;
}

enum sg_lang sg_lexis_lang(struct sg_text path, struct sg_text text)
{
    struct sg_text name = after_last(path, '/');
    if (!name.data)
        name = path;
    for (size_t i = 0; i < SG_COUNT_OF(names); i++)
        if (same_folded(name, names[i].name))
            return names[i].lang;
    const struct sg_text ending = after_last(name, '.');
    for (size_t i = 0; ending.data && i < SG_COUNT_OF(endings); i++)
        if (same_folded(ending, endings[i].name))
            return endings[i].lang;
    return of_shebang(text);
}
