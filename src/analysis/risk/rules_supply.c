/* What the project takes from others: dependencies, their sources and locks, install hooks. */
#include "analysis/risk/risk_internal.h"

/* Lines above in which the section of a dependency is named. */
#define SECTION_REACH 200

/* Lines of code of a commit that a new dependency may be there for. */
#define DEPENDENCY_WORK 120

enum section { SECTION_NONE, SECTION_RUNTIME, SECTION_DEVELOPMENT, SECTION_SCRIPTS };

static enum section named_section(struct sg_text text)
{
    if (sg_risk_has_any(text, "devDependencies dev-dependencies require-dev build-dependencies "
                              "test-dependencies optionalDependencies peerDependencies"))
        return SECTION_DEVELOPMENT;
    if (sg_risk_has_any(
            text, "\"dependencies\" [dependencies \"require\" install_requires "
                  "require_( dependencies_{ \"bundledDependencies\" <dependency> dependencies_= "
                  "<PackageReference"))
        return SECTION_RUNTIME;
    if (sg_risk_has_any(text, "\"scripts\""))
        return SECTION_SCRIPTS;
    return SECTION_NONE;
}

/* The section that a line of a manifest belongs to: the nearest line above that is indented less
 * and opens one. */
static enum section section_of(const struct file *file, const struct side *side, uint32_t line)
{
    const uint32_t indent = sg_risk_line_indent(side, line);
    const struct sg_text path = file->change->new_path;
    if (sg_risk_has_any(sg_risk_line_text(side, line), "<PackageReference"))
        return SECTION_RUNTIME;
    for (uint32_t back = 1; back <= line && back < SECTION_REACH; back++) {
        const uint32_t i = line - back;
        if (side->lines[i].n_code == 0)
            continue;
        const enum section section = named_section(sg_risk_line_text(side, i));
        if (section != SECTION_NONE)
            return section;
        if (sg_risk_line_indent(side, i) < indent && file->lang == SG_LANG_JSON)
            return SECTION_NONE;
        if (sg_risk_starts_with(sg_risk_line_text(side, i), "["))
            return SECTION_NONE;
    }
    if (sg_risk_ends_with(path, "go.mod") || sg_risk_ends_with(path, "requirements.txt") ||
        sg_risk_ends_with(path, "Gemfile") || sg_risk_ends_with(path, "Podfile"))
        return SECTION_RUNTIME;
    return SECTION_NONE;
}

static bool has_digit(struct sg_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            return true;
    return false;
}

/* A line such as `"name": "^1.2.3",`, `name = "1"`, `github.com/a/b v1.0.0`, `name==1.0`. */
static bool is_entry(const struct side *side, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(side, line);
    return sg_risk_line_words(side, line).count >= 2 && text.size < 300 &&
           (has_digit(text) || sg_risk_has_any(text, "\"*\" latest git: github: http file: path"));
}

/* The name of an entry: its first token; of one in XML, its first string. */
static struct sg_text entry_name(const struct side *side, uint32_t line)
{
    const struct words words = sg_risk_line_words(side, line);
    for (uint32_t i = 1; i < words.count && sg_text_is(sg_risk_word_at(words, 0), "<"); i++)
        if (words.items[i].kind == SG_TOKEN_STRING)
            return sg_risk_word_at(words, i);
    return sg_risk_word_at(words, 0);
}

static bool had_entry(const struct file *file, struct sg_text name)
{
    for (uint32_t i = 0; i < file->old.n_lines; i++)
        if (file->old.lines[i].n_code > 1 && sg_risk_text_equal(entry_name(&file->old, i), name))
            return true;
    return false;
}

static bool is_foreign_source(struct sg_text text)
{
    return sg_risk_has_any(text,
                           "git+ git:// github: http:// https:// git@ file: registry= --index-url "
                           "--extra-index-url replace_ link: _resolved") ||
           memmem(text.data, text.size, "git = ", 6);
}

static void dependency(struct look *look, const struct file *file, uint32_t line)
{
    const enum section section = section_of(file, &file->new, line);
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if ((section != SECTION_RUNTIME && section != SECTION_DEVELOPMENT) ||
        !is_entry(&file->new, line))
        return;
    /* Types of a library run nowhere. */
    const bool runtime = section == SECTION_RUNTIME && !sg_risk_has_any(text, "\"@types/");
    if (is_foreign_source(text)) {
        sg_risk_report(look, (struct found){SG_RISK_DEPENDENCY_SOURCE, file, line, false,
                                            runtime ? 200 : 90,
                                            "a dependency comes from outside the usual registry"});
    }
    if (!had_entry(file, entry_name(&file->new, line))) {
        /* A range takes the owner's next release as well, which nobody has seen. */
        const bool floats = sg_risk_has_any(text, "^ ~ >= * latest") || is_foreign_source(text);
        /* With a large piece of work comes what it needs; by itself it came for itself. */
        const bool is_small = look->n_added + look->n_removed <= DEPENDENCY_WORK;
        sg_risk_report(look, (struct found){SG_RISK_DEPENDENCY_ADDED, file, line, false,
                                            !runtime                 ? 50u
                                            : file->old.n_lines == 0 ? 150u
                                            : !is_small              ? 250u
                                            : floats                 ? 480u
                                                                     : 330u,
                                            "somebody else's code joins the program"});
        return;
    }
    sg_risk_report(look,
                   (struct found){SG_RISK_DEPENDENCY_MOVED, file, line, false, runtime ? 50 : 20,
                                  "a dependency moved to another version"});
}

static void install_hook(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text name = entry_name(&file->new, line);
    const bool hook =
        sg_risk_is_any(name, "\"preinstall\" \"postinstall\" \"install\" \"preuninstall\" "
                             "\"prepare\" \"prepublish\" \"post-install-cmd\" "
                             "\"post-update-cmd\" \"postupdate\" cmdclass");
    if (!hook || !sg_risk_ends_with(file->change->new_path, "json"))
        return;
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool usual =
        sg_risk_has_any(text, "husky build tsc patch-package node-gyp prebuild compile "
                              "lerna bower webpack");
    const bool runs_at_users = !sg_risk_is_any(name, "\"prepare\" \"prepublish\"");
    sg_risk_report(look, (struct found){SG_RISK_INSTALL_SCRIPT, file, line, false,
                                        (runs_at_users ? 420u : 150u) / (usual ? 3u : 1u),
                                        "installing the package runs this"});
}

static void manifest(struct look *look, const struct file *file)
{
    /* The first commit brings everything; a new part of the project brings what it needs. */
    if (file->new.n_lines == 0 || (file->old.n_lines == 0 && look->commit->n_parents == 0))
        return;
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++)
            if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved &&
                file->new.lines[i].n_code > 0) {
                dependency(look, file, i);
                install_hook(look, file, i);
            }
}

static bool touches_manifest(const struct look *look)
{
    for (size_t i = 0; i < look->n_files; i++)
        if (look->files[i].role == ROLE_MANIFEST)
            return true;
    return false;
}

/* An address or digest of a locked package that changed while its version stayed. */
static bool is_relocked(const struct file *file, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const uint32_t pair = file->new.lines[line].pair;
    if (pair == NO_LINE || !sg_risk_has_any(text, "resolved integrity checksum sha256 sha512 h1:"))
        return false;
    const uint32_t from = line > 6 ? line - 6 : 0;
    const uint32_t to = line + 7 < file->new.n_lines ? line + 7 : file->new.n_lines;
    for (uint32_t i = from; i < to; i++)
        if (file->new.lines[i].is_changed &&
            sg_risk_has_any(sg_risk_line_text(&file->new, i), "version"))
            return false;
    return file->lang == SG_LANG_JSON;
}

static void lock(struct look *look, const struct file *file)
{
    if (file->old.n_lines == 0 || file->new.n_lines == 0)
        return;
    if (!touches_manifest(look) && file->n_added > 0)
        sg_risk_report(look, (struct found){SG_RISK_LOCKFILE_MISMATCH, file, NO_LINE, false, 30,
                                            "the lock changed and no manifest did"});
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++)
            if (file->new.lines[i].is_changed && is_relocked(file, i)) {
                sg_risk_report(look, (struct found){SG_RISK_LOCKFILE_MISMATCH, file, i, false, 120,
                                                    "the same version now comes from elsewhere"});
                return;
            }
}

void sg_risk_rules_supply(struct look *look, const struct file *file)
{
    if (file->role == ROLE_MANIFEST)
        manifest(look, file);
    else if (file->role == ROLE_LOCK)
        lock(look, file);
}
