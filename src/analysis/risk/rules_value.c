/* Values that are fixed in the text, and the making of secret ones: addresses, hosts, keys, chance.
 */
#include "analysis/risk/risk_internal.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The first 0x followed by exactly 40 hexadecimal digits, not all alike. */
static struct sg_text find_address(struct sg_text text)
{
    for (size_t i = 0; i + 42 <= text.size && i < 2000; i++) {
        if (text.data[i] != '0' || text.data[i + 1] != 'x')
            continue;
        size_t n = 0;
        while (i + 2 + n < text.size && is_hex(text.data[i + 2 + n]))
            n++;
        bool varied = false;
        for (size_t k = 1; k < n; k++)
            varied = varied || text.data[i + 2 + k] != text.data[i + 2];
        if (n == 40 && varied)
            return (struct sg_text){text.data + i, 42};
    }
    return (struct sg_text){NULL, 0};
}

static void address(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text now = find_address(sg_risk_line_text(&file->new, line));
    if (!now.data || sg_risk_has_any(sg_risk_line_text(&file->new, line),
                                     "0x0000000000000000000000000000000000000 "
                                     "0xdead 0xEeeee"))
        return;
    const uint32_t pair = file->new.lines[line].pair;
    const struct sg_text before = pair == NO_LINE
                                      ? (struct sg_text){NULL, 0}
                                      : find_address(sg_risk_line_text(&file->old, pair));
    if (before.data && sg_risk_text_equal(before, now))
        return;
    sg_risk_report(
        look, (struct found){SG_RISK_ADDRESS_CHANGED, file, line, false, before.data ? 300 : 110,
                             before.data ? "one fixed address was put in the place of another"
                                         : "an address is fixed in the text"});
}

/* Host of the first URL: between "://" and the next byte that cannot be of a name. */
static struct sg_text find_host(struct sg_text text)
{
    const char *at = memmem(text.data, text.size < 2000 ? text.size : 2000, "://", 3);
    if (!at)
        return (struct sg_text){NULL, 0};
    at += 3;
    size_t n = 0;
    while (at + n < text.data + text.size && (is_alnum(at[n]) || at[n] == '.' || at[n] == '-'))
        n++;
    return (struct sg_text){at, n};
}

static bool is_bare_ip(struct sg_text host)
{
    size_t dots = 0;
    for (size_t i = 0; i < host.size; i++) {
        if (host.data[i] == '.')
            dots++;
        else if (host.data[i] < '0' || host.data[i] > '9')
            return false;
    }
    return dots == 3 && !sg_risk_starts_with(host, "127.") && !sg_risk_starts_with(host, "0.0") &&
           !sg_risk_starts_with(host, "10.") && !sg_risk_starts_with(host, "192.168");
}

static void endpoint(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const struct sg_text host = find_host(text);
    if (file->role == ROLE_MANIFEST || file->role == ROLE_DOC || !host.data || host.size < 4 ||
        sg_risk_has_any(host, "localhost example w3.org schema apache.org"))
        return;
    const uint32_t pair = file->new.lines[line].pair;
    const struct sg_text before = pair == NO_LINE ? (struct sg_text){NULL, 0}
                                                  : find_host(sg_risk_line_text(&file->old, pair));
    if (before.data && sg_risk_text_equal(before, host))
        return;
    const bool fetches =
        sg_risk_has_any(text, "curl wget fetch post( get( request download http.get "
                              "axios XMLHttp iframe script.src <script");
    uint32_t weight = before.data ? 150 : 40;
    if (fetches)
        weight += 110;
    if (is_bare_ip(host))
        weight += 160;
    if (sg_risk_has_any(host,
                        "pastebin ngrok requestbin webhook.site gist. transfer.sh bit.ly ipgeo "
                        "raw.githubusercontent discord telegram onion ipinfo geoip"))
        weight += 200;
    sg_risk_report(look, (struct found){SG_RISK_ENDPOINT_CHANGED, file, line, false, weight,
                                        before.data ? "one host was put in the place of another"
                                                    : "a host is fixed in the text"});
}

/* AKIA and sixteen capitals or digits: the form of a cloud access key. */
static bool has_cloud_key(struct sg_text text)
{
    const char *at = memmem(text.data, text.size, "AKIA", 4);
    size_t n = 0;
    while (at && at + n < text.data + text.size && is_alnum(at[n]) && (at[n] < 'a' || at[n] > 'z'))
        n++;
    return n == 20;
}

static void secret(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool shape =
        sg_risk_has_any(text, "-----BEGIN_RSA ghp_ gho_ xoxb- sk_live_ npm_token= "
                              "_authToken= PRIVATE_KEY=0x privateKey:'0x privateKey='0x") ||
        memmem(text.data, text.size, "PRIVATE KEY-----", 16) || has_cloud_key(text);
    if (shape && !sg_risk_has_any(text, "${ process.env secrets."))
        sg_risk_report(look, (struct found){SG_RISK_SECRET_ADDED, file, line, false, 240,
                                            "something that looks like a secret is in the text"});
}

/* ---- chance and keys ---- */

#define STRONG                                                                                     \
    "urandom SecureRandom getRandomValues randomBytes crypto.random secrets. RAND_bytes OsRng "    \
    "getrandom arc4random thread_rng RNGCryptoServiceProvider RtlGenRandom random_device "         \
    "getEntropy RAND_poll rand::rngs CryptGenRandom os.urandom entropy"

#define WEAK                                                                                       \
    "Math.random mt19937 pseudo_random pseudo RAND_pseudo srand( rand() random.random "            \
    "random.randint mt_rand Date.now time(NULL) time(0) SmallRng XorShift StdRng::seed "           \
    "seed_from Random() block.timestamp blockhash block.difficulty default_random_engine "         \
    "getTime()"

static bool hunk_has(const struct side *side, uint32_t from, uint32_t to, const char *words)
{
    for (uint32_t i = from; i < to; i++)
        if (side->lines[i].is_changed && !side->lines[i].is_moved &&
            sg_risk_has_any(sg_risk_line_text(side, i), words))
            return true;
    return false;
}

static void chance(struct look *look, const struct file *file, const struct hunk *hunk,
                   uint32_t line, bool is_old)
{
    const struct side *side = is_old ? &file->old : &file->new;
    const struct sg_text text = sg_risk_line_text(side, line);
    if (!is_old && sg_risk_has_any(text, WEAK) &&
        hunk_has(&file->old, hunk->old_from, hunk->old_to, STRONG) &&
        !sg_risk_has_any(text, STRONG)) {
        sg_risk_report(look,
                       (struct found){SG_RISK_RANDOMNESS_WEAKENED, file, line, false, 700,
                                      "a strong source of randomness gave way to a weak one"});
        return;
    }
    static const char *const keys = "privkey privatekey secret nonce wallet mnemonic salt iv_";
    const struct func *func = sg_risk_func_at(side, line);
    const bool key_near = sg_risk_has_any(text, keys) || sg_risk_has_any(text, "key_ _key") ||
                          (func && sg_risk_has_any(func->name, "mnemonic privkey keypair entropy "
                                                               "randomBytes seedphrase")) ||
                          (file->role == ROLE_SOURCE &&
                           sg_risk_has_any(file->change->new_path, "mnemonic keygen entropy rng."));
    if (!is_old && sg_risk_has_any(text, WEAK) && key_near &&
        !sg_risk_has_any(text, "test shuffle securerandom()"))
        sg_risk_report(look, (struct found){SG_RISK_RANDOMNESS_WEAKENED, file, line, false, 330,
                                            "a secret comes from a guessable source"});
    const bool feeds = is_old &&
                       sg_risk_has_any(text, "RAND_add MD_Update EVP_DigestUpdate add_entropy "
                                             "addEntropy RAND_seed seed_rng reseed "
                                             "getRandomValues randomBytes urandom") &&
                       !hunk_has(&file->new, hunk->new_from, hunk->new_to, STRONG);
    if (feeds && file->new.n_lines > 0 &&
        file->old.lines[line].pair ==
            NO_LINE &&sg_risk_has_any(file->change->old_path,
                                      "rand rng entropy seed crypt key wallet"))
        sg_risk_report(look, (struct found){SG_RISK_RANDOMNESS_WEAKENED, file, line, true, 600,
                                            "what fed the random numbers went"});
}

static void key_handling(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool key =
        sg_risk_has_any(text, "privatekey private_key privKey mnemonic seedphrase secretKey "
                              "secret_key passphrase password credential keystore access_key");
    const bool leaves =
        sg_risk_has_any(text, "console.log fetch( axios post( send( http localStorage "
                              "print( logger log.info log.debug Log.d writeFile sendBeacon "
                              "emit( setCookie base64_encode NSLog printf( telemetry");
    if (key && leaves)
        sg_risk_report(look, (struct found){SG_RISK_KEY_HANDLING, file, line, false, 230,
                                            "a secret is written, sent or kept in the open"});
    const uint32_t pair = file->new.lines[line].pair;
    if (pair == NO_LINE)
        return;
    const struct sg_text before = sg_risk_line_text(&file->old, pair);
    const bool downgraded =
        (sg_risk_has_any(before, "sha256 sha512 sha3 argon scrypt bcrypt aes-256 gcm hmac ed25519 "
                                 "TLSv1_2 TLS1_2 pbkdf2") &&
         sg_risk_has_any(text,
                         "md5 sha1 crc32 base64 aes-128-ecb _ecb rc4 des_ SSLv3 TLSv1_0 plain") &&
         !sg_risk_has_any(text, "sha256 sha512 gcm"));
    if (downgraded)
        sg_risk_report(
            look, (struct found){SG_RISK_KEY_HANDLING, file, line, false, 380,
                                 "a weaker cipher or digest took the place of a stronger one"});
}

/* ---- amounts ---- */

static bool has_operator(struct words words)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind == SG_TOKEN_PUNCT &&
            sg_risk_is_any(sg_risk_word_at(words, i), "* / % + - << >>"))
            return true;
    return false;
}

static bool is_money(struct sg_text text)
{
    return sg_risk_has_any(text,
                           "amount balance supply reserve borrow collateral reward price slippage "
                           "share accru debt decimals 1e18 minOut mantissa exchangeRate bps fee");
}

/* The formula of a line that handles value changed, by itself. */
static void value_edit(struct look *look, const struct file *file, uint32_t line)
{
    const uint32_t pair = file->new.lines[line].pair;
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (pair == NO_LINE || !is_money(text) || !has_operator(sg_risk_line_words(&file->new, line)))
        return;
    const struct edit edit = sg_risk_edit_of(file, pair, line);
    const uint32_t size = edit.old.count + edit.new.count;
    if (size == 0 || size > 6)
        return;
    const bool guard_dropped =
        sg_risk_has_any(sg_risk_line_text(&file->old, pair), "safe .sub( .add( .mul( check") &&
        !sg_risk_has_any(text, "safe .sub( .add( .mul( check");
    const uint32_t weight =
        (file->lang == SG_LANG_SOLIDITY ? 200u : 110u) + (guard_dropped ? 150u : 0u);
    sg_risk_report(look, (struct found){SG_RISK_VALUE_LOGIC, file, line, false, weight,
                                        "the arithmetic of a value changed in one place"});
}

void sg_risk_rules_value(struct look *look, const struct file *file)
{
    if (file->role == ROLE_LOCK)
        return;
    for (size_t h = 0; h < file->n_hunks; h++) {
        const struct hunk *hunk = &file->hunks[h];
        for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
            if (file->old.lines[i].is_changed && !file->old.lines[i].is_moved)
                chance(look, file, hunk, i, true);
        for (uint32_t i = hunk->new_from; i < hunk->new_to; i++) {
            if (!file->new.lines[i].is_changed || file->new.lines[i].is_moved)
                continue;
            address(look, file, i);
            endpoint(look, file, i);
            secret(look, file, i);
            if (file->role == ROLE_DOC)
                continue;
            chance(look, file, hunk, i, false);
            key_handling(look, file, i);
            value_edit(look, file, i);
        }
    }
}
