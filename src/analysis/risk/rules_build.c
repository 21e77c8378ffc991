/* What builds and installs: protections switched off, feature tests that cannot succeed, scripts
 * that fetch or run what the tree does not show. */
#include "analysis/risk/risk_internal.h"

static bool is_added(const struct side *side, uint32_t line)
{
    return side->lines[line].is_changed && !side->lines[line].is_moved;
}

/* ---- hardening ---- */

#define PROTECTIONS                                                                                \
    "-fstack-protector -D_FORTIFY_SOURCE FORTIFY_SOURCE relro -fPIE noexecstack -fcf-protection "  \
    "landlock seccomp pledge( capsicum cap_enter sandbox apparmor selinux ProtectSystem "          \
    "NoNewPrivileges -fstack-clash ASLR helmet csrf_protect Content-Security-Policy unveil("

#define OPENERS                                                                                    \
    "-fno-stack-protector execstack no-sandbox --no-sandbox disable-sandbox setenforce0 norelro "  \
    "privileged:true allowPrivilegeEscalation:true -no-pie disable-ifunc SECCOMP_MODE_DISABLED "   \
    "nodeIntegration:true contextIsolation:false webSecurity:false --disable-web-security "        \
    "chmod777 unsafe-eval unsafe-inline allowUnsafe trusted-host USERroot "                        \
    "--privileged CAP_SYS_ADMIN enable-unsafe"

static struct sg_text squeezed(char *packed, size_t capacity, struct sg_text text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.size && n < capacity; i++)
        if (text.data[i] != ' ' && text.data[i] != '"' && text.data[i] != '\'')
            packed[n++] = text.data[i];
    return (struct sg_text){packed, n};
}

static bool hunk_mentions(const struct side *side, uint32_t from, uint32_t to, const char *words)
{
    for (uint32_t i = from; i < to; i++)
        if (sg_risk_has_any(sg_risk_line_text(side, i), words))
            return true;
    return false;
}

/* What tells users of a protection neither makes nor unmakes it. */
static bool only_tells(struct sg_text text)
{
    return sg_risk_has_any(text, "message( HELP_STRING AC_MSG printf( print( echo warn( log( _(\"");
}

static void hardening(struct look *look, const struct file *file, const struct hunk *hunk,
                      uint32_t line, bool is_old)
{
    char packed[512];
    const struct side *side = is_old ? &file->old : &file->new;
    const struct sg_text text = sg_risk_line_text(side, line);
    if (only_tells(text))
        return;
    if (is_old && sg_risk_has_any(text, PROTECTIONS) && file->new.n_lines > 0 &&
        !hunk_mentions(&file->new, hunk->new_from, hunk->new_to, PROTECTIONS))
        sg_risk_report(look, (struct found){SG_RISK_HARDENING_OFF, file, line, true, 330,
                                            "a protection that stood here is gone"});
    const bool opens = sg_risk_has_any(squeezed(packed, sizeof(packed), text), OPENERS) ||
                       sg_risk_has_number(sg_risk_line_words(side, line), "0777 0o777");
    if (!is_old && opens && !hunk_mentions(&file->old, hunk->old_from, hunk->old_to, OPENERS))
        sg_risk_report(look, (struct found){SG_RISK_HARDENING_OFF, file, line, false, 420,
                                            "a protection is switched off"});
}

/* ---- feature tests ---- */

#define TESTS                                                                                      \
    "check_c_source_compiles check_c_source_runs check_cxx_source_compiles check_source_compiles " \
    "try_compile try_run AC_COMPILE_IFELSE AC_LINK_IFELSE AC_TRY_COMPILE AC_TRY_LINK "             \
    "AC_RUN_IFELSE AC_LANG_PROGRAM AC_LANG_SOURCE AC_PREPROC_IFELSE compiles( links("

/* Lines above within which a test must have begun. */
#define TEST_REACH 60

/* The line of the test that this line is inside, or NO_LINE. */
static uint32_t test_around(const struct side *side, uint32_t line)
{
    int32_t depth = 0;
    for (uint32_t back = 0; back < TEST_REACH && back <= line; back++) {
        const uint32_t i = line - back;
        const struct words words = sg_risk_line_words(side, i);
        for (uint32_t k = 0; k < words.count && back > 0; k++) {
            const struct sg_text word = sg_risk_word_at(words, k);
            if (words.items[k].kind == SG_TOKEN_PUNCT)
                depth += sg_text_is(word, ")") ? 1 : sg_text_is(word, "(") ? -1 : 0;
        }
        if (sg_risk_has_any(sg_risk_line_text(side, i), TESTS))
            return depth < 0 || back == 0 ? i : NO_LINE;
    }
    return NO_LINE;
}

/* A line of nothing but marks that no C line can consist of: a stray dot, dash or the like. */
static bool is_stray(struct sg_text text)
{
    bool any = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == ' ' || text.data[i] == '\t')
            continue;
        if (!strchr(".-+=~^%@!?|`", text.data[i]) || text.data[i] == 0)
            return false;
        any = true;
    }
    return any;
}

static void feature_test(struct look *look, const struct file *file, uint32_t line)
{
    const uint32_t test = test_around(&file->new, line);
    if (test == NO_LINE || test == line)
        return;
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool guarded =
        line > 0 && sg_risk_starts_with(sg_risk_line_text(&file->new, line - 1), "#");
    if (is_stray(text) || (sg_risk_starts_with(text, "#error") && !guarded)) {
        sg_risk_report(look,
                       (struct found){SG_RISK_FEATURE_TEST_BROKEN, file, line, false, 900,
                                      "no compiler takes this line: the test always says no"});
        return;
    }
    /* A test that stood and whose program changed; a new test is a new feature. */
    if (file->old.n_lines > 0 && !file->new.lines[test].is_changed)
        sg_risk_report(look, (struct found){SG_RISK_FEATURE_TEST_BROKEN, file, line, false, 160,
                                            "the program of a feature test changed"});
}

/* ---- scripts that fetch and run ---- */

static bool fetches(struct sg_text text)
{
    return sg_risk_has_any(text,
                           "curl wget Invoke-WebRequest fetch urlretrieve git_clone DOWNLOAD "
                           "FetchContent ExternalProject_Add urlopen http.get https.get certutil "
                           "bitsadmin") ||
           memmem(text.data, text.size, "git clone", 9);
}

static bool runs_shell(struct sg_text text)
{
    char packed[512];
    return sg_risk_has_any(
        squeezed(packed, sizeof(packed), text),
        "|sh |bash |sudo |python |/bin/sh |perl |node |iex |source eval$ eval( bash<( "
        "sh<( bash-c$( sh-c$(");
}

static bool decodes(struct sg_text text)
{
    char packed[512];
    return sg_risk_has_any(
        squeezed(packed, sizeof(packed), text),
        "base64-d base64--decode xxd-r openssl-d openssl_enc -decrypt |xz-d |gunzip "
        "|tr xz-dc |head-c gzip-d |rev |base64 printf'\\\\ opensslenc");
}

/* `echo "curl ... | sh"`: advice to whoever runs the script. */
static bool is_said(struct sg_text text)
{
    return sg_risk_starts_with(text, "echo ") &&
           (sg_risk_ends_with(text, "\"") || sg_risk_ends_with(text, "'"));
}

static void script(struct look *look, const struct file *file, const struct hunk *hunk,
                   uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool fetch = fetches(text), run = runs_shell(text),
               decode = decodes(text) ||
                        sg_risk_has_word(sg_risk_line_words(&file->new, line), "uudecode");
    uint32_t weight = 0;
    if (fetch)
        weight += 70;
    if (run)
        weight += fetch ? 260 : 110;
    if (decode)
        weight += run ? 330 : 130;
    if (is_said(text))
        weight /= 4;
    for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
        if (fetches(sg_risk_line_text(&file->old, i)) ||
            runs_shell(sg_risk_line_text(&file->old, i)))
            weight /= 3;
    if (sg_risk_has_any(text, "password passwd secret token base64 hostname") && (fetch || decode))
        weight += 200;
    if (weight > 0)
        sg_risk_report(look,
                       (struct found){SG_RISK_BUILD_EXECUTES, file, line, false, weight,
                                      "the build or an installation fetches, decodes or runs more "
                                      "than the tree shows"});
}

/* A program that has another one fetch: execFileSync('curl', ...), run(["wget", ...]). */
static void fetched_by_hand(struct look *look, const struct file *file, const struct hunk *hunk,
                            uint32_t line)
{
    if (!sg_risk_has_any(sg_risk_line_text(&file->new, line), "'curl' \"curl\" 'wget' \"wget\"") ||
        !sg_risk_has_mark(sg_risk_line_words(&file->new, line), "(") ||
        hunk_mentions(&file->old, hunk->old_from, hunk->old_to, "curl wget"))
        return;
    const bool from_text =
        hunk_mentions(&file->new, hunk->new_from, hunk->new_to, "http:// https://");
    sg_risk_report(look,
                   (struct found){SG_RISK_BUILD_EXECUTES, file, line, false, from_text ? 600 : 330,
                                  "a program has another one fetch what the tree does not "
                                  "show"});
}

/* Programs that builds run by themselves: build.rs, setup.py, postinstall files. */
static void self_running(struct look *look, const struct file *file)
{
    const struct sg_text path = file->change->new_path;
    if (file->old.n_lines == 0 && file->new.n_lines > 0 &&
        (sg_risk_ends_with(path, "postinstall.js") || sg_risk_ends_with(path, "preinstall.js") ||
         sg_risk_ends_with(path, "build.rs") || sg_risk_ends_with(path, "install.js")))
        sg_risk_report(look,
                       (struct found){SG_RISK_INSTALL_SCRIPT, file, NO_LINE, false, 330,
                                      "a program that installing or building runs by itself"});
    else if (file->n_added > 0 && (sg_risk_ends_with(path, "postinstall.js") ||
                                   sg_risk_ends_with(path, "preinstall.js")))
        sg_risk_report(look, (struct found){SG_RISK_INSTALL_SCRIPT, file, NO_LINE, false, 170,
                                            "a program that installing runs by itself changed"});
}

void sg_risk_rules_build(struct look *look, const struct file *file)
{
    if (file->role == ROLE_DOC || file->role == ROLE_LOCK || file->role == ROLE_VENDOR)
        return;
    const bool builds = file->role == ROLE_BUILD || file->role == ROLE_CI ||
                        file->role == ROLE_MANIFEST || file->lang == SG_LANG_SHELL;
    self_running(look, file);
    for (size_t h = 0; h < file->n_hunks; h++) {
        const struct hunk *hunk = &file->hunks[h];
        for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
            if (is_added(&file->old, i))
                hardening(look, file, hunk, i, true);
        for (uint32_t i = hunk->new_from; i < hunk->new_to; i++) {
            if (!is_added(&file->new, i))
                continue;
            hardening(look, file, hunk, i, false);
            if (sg_risk_is_program(file->role) && file->lang != SG_LANG_SHELL)
                fetched_by_hand(look, file, hunk, i);
            if (builds) {
                feature_test(look, file, i);
                script(look, file, hunk, i);
            }
        }
    }
}
