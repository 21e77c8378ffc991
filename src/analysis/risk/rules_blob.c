/* What no reviewer reads: binaries, encoded text, links to other repositories, execute bits. */
#include "analysis/risk/risk_internal.h"

enum blob_kind { BLOB_PICTURE, BLOB_PROGRAM, BLOB_ARCHIVE, BLOB_OTHER };

static bool is_magic(struct sg_text bytes, const char *magic, size_t size)
{
    return bytes.size >= size && memcmp(bytes.data, magic, size) == 0;
}

static enum blob_kind kind_of(struct sg_text bytes, struct sg_text path)
{
    if (is_magic(bytes,
                 "\x7f"
                 "ELF",
                 4) ||
        is_magic(bytes, "MZ", 2) || is_magic(bytes, "\xcf\xfa\xed\xfe", 4) ||
        is_magic(bytes, "\0asm", 4) ||
        sg_risk_has_any(path, ".exe .dll .dylib .wasm .jar .class .node .pyc"))
        return BLOB_PROGRAM;
    if (is_magic(bytes, "\x89PNG", 4) || is_magic(bytes, "\xff\xd8\xff", 3) ||
        is_magic(bytes, "GIF8", 4) ||
        sg_risk_has_any(path,
                        ".png .jpg .jpeg .gif .ico .icns .webp .ttf .woff .eot .otf .pdf .mp4 .mp3 "
                        ".wav .psd .svg .bmp .mo .sketch .keystore .docx .xlsx"))
        return BLOB_PICTURE;
    if (is_magic(bytes,
                 "\xfd"
                 "7zXZ",
                 5) ||
        is_magic(bytes, "\x1f\x8b", 2) || is_magic(bytes, "PK\3\4", 4) ||
        is_magic(bytes, "BZh", 3) ||
        sg_risk_has_any(path, ".xz .lzma .gz .zip .tar .tgz .7z .rar .zst .bz2 .lz"))
        return BLOB_ARCHIVE;
    return BLOB_OTHER;
}

/* Whether the commit touches text that could use or make the file. */
static bool comes_with_code(const struct look *look)
{
    for (size_t i = 0; i < look->n_files; i++) {
        const struct file *file = &look->files[i];
        if (file->is_compared && file->role != ROLE_DOC && file->n_added > 0)
            return true;
    }
    return false;
}

/* Binaries of the commit. Several at once are more that nobody reads. */
static uint32_t count_blobs(const struct look *look)
{
    uint32_t n = 0;
    for (size_t i = 0; i < look->n_files; i++)
        n += look->files[i].change->is_binary;
    return n;
}

static uint32_t blob_weight(const struct look *look, const struct file *file, bool is_change)
{
    static const uint32_t of_kind[] = {12, 260, 150, 110};
    const struct sg_change *change = file->change;
    const struct sg_text bytes =
        change->after.state == SG_BLOB_PRESENT ? change->after.bytes : (struct sg_text){"", 0};
    const enum blob_kind kind = kind_of(bytes, change->new_path);
    uint32_t weight = of_kind[kind];
    if (kind != BLOB_PICTURE && file->role == ROLE_TEST)
        weight = weight * 5 / 4;
    if (kind != BLOB_PICTURE && is_change)
        weight = weight * 3 / 2;
    if (!comes_with_code(look))
        weight = weight * 3 / 2;
    const uint32_t more = count_blobs(look) - 1;
    if (kind != BLOB_PICTURE)
        weight = weight * (10 + (more > 5 ? 5 : more)) / 10;
    if (file->role == ROLE_VENDOR)
        weight /= 4;
    return weight;
}

static void binary(struct look *look, const struct file *file)
{
    const struct sg_change *change = file->change;
    if (!change->is_binary || change->kind == SG_CHANGE_DELETED ||
        (change->after.mode & 0170000) == 0160000)
        return;
    const bool added = change->kind == SG_CHANGE_ADDED;
    sg_risk_report(look,
                   (struct found){added ? SG_RISK_BLOB_ADDED : SG_RISK_BLOB_CHANGED, file, NO_LINE,
                                  false, blob_weight(look, file, !added),
                                  added ? "a file came that cannot be read in review"
                                        : "a file that cannot be read in review was replaced"});
}

static void link_moved(struct look *look, const struct file *file)
{
    const struct sg_change *change = file->change;
    if ((change->after.mode & 0170000) == 0160000)
        sg_risk_report(look, (struct found){SG_RISK_SUBMODULE_MOVED, file, NO_LINE, false, 50,
                                            "another repository's commit is taken in"});
}

static void mode(struct look *look, const struct file *file)
{
    const struct sg_change *change = file->change;
    const bool was = change->before.mode & 0111, is = change->after.mode & 0111;
    if (change->kind == SG_CHANGE_MODIFIED && !was && is)
        sg_risk_report(look, (struct found){SG_RISK_MODE_CHANGED, file, NO_LINE, false, 30,
                                            "the file can now be run"});
}

/* ---- text that is data: base64 or hexadecimal of some length ---- */

/* Longest run of bytes of an encoding's alphabet. */
static size_t encoded_run(struct sg_text text, bool *has_mixed)
{
    size_t best = 0, run = 0;
    uint32_t upper = 0, lower = 0, digit = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        const bool u = c >= 'A' && c <= 'Z', l = c >= 'a' && c <= 'z', d = c >= '0' && c <= '9';
        if (!u && !l && !d && c != '+' && c != '/' && c != '=') {
            run = upper = lower = digit = 0;
            continue;
        }
        run++;
        upper += u, lower += l, digit += d;
        if (run > best) {
            best = run;
            *has_mixed = upper > 0 && lower > 0 && digit > 0;
        }
    }
    return best;
}

static void encoded(struct look *look, const struct file *file, uint32_t line)
{
    bool mixed = false;
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const size_t run = encoded_run(text, &mixed);
    if (run < 120 ||
        sg_risk_has_any(text, "data:image data:font data:application/font sourceMapping "
                              "integrity sha512- ssh-rsa"))
        return;
    const uint32_t weight = (mixed ? 110u : 60u) + (run > 1000 ? 60u : 0u);
    sg_risk_report(
        look,
        (struct found){SG_RISK_ENCODED_BLOB, file, line, false,
                       file->role == ROLE_TEST || file->role == ROLE_DATA ? weight / 2 : weight,
                       "a long run of encoded bytes stands in the text"});
}

void sg_risk_rules_blob(struct look *look, const struct file *file)
{
    binary(look, file);
    link_moved(look, file);
    mode(look, file);
    if (!file->is_compared || file->role == ROLE_LOCK || file->role == ROLE_DOC ||
        file->role == ROLE_VENDOR)
        return;
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++)
            if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved)
                encoded(look, file, i);
}
