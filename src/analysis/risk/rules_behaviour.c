/* What code does when it runs: executes, hides, waits for a sign, destroys, never ends, calls home.
 */
#include "analysis/risk/risk_internal.h"

#define EXECUTES                                                                                   \
    "eval exec execSync execFile spawn spawnSync system popen shell_exec passthru proc_open "      \
    "zend_eval_string execv execve execvp execl dlopen assert_eval unserialize create_function "   \
    "runInThisContext runInNewContext compile __import__ check_output Popen ShellExecute "         \
    "WinExec CreateProcess ProcessBuilder instance_eval class_eval evalbin php_execute_scripts"

#define NETWORK                                                                                    \
    "fetch axios XMLHttpRequest sendBeacon urlopen requests.post requests.get http.get https.get " \
    "https.request http.request net.connect WebSocket( curl_exec file_get_contents('http "         \
    "curl_easy_perform gethostbyname getaddrinfo dns.lookup dns.resolve urllib HttpClient "        \
    "reqwest TcpStream socket.connect new_Image Net::HTTP"

#define DESTROYS                                                                                   \
    "unlink rmdir rmSync unlinkSync rmdirSync rimraf writeFile writeFileSync truncateSync "        \
    "truncate rmtree removedirs DeleteFile remove_dir_all remove_file removeSync emptyDirSync "    \
    "selfdestruct suicide deleteRecursively delete_recursively RemoveAll appendFile"

static bool is_added(const struct side *side, uint32_t line)
{
    return side->lines[line].is_changed && !side->lines[line].is_moved;
}

/* Lines of the hunk before and behind a line that belong to it. */
#define NEAR 15u

static uint32_t near_from(const struct hunk *hunk, uint32_t line)
{
    return line > hunk->new_from + NEAR ? line - NEAR : hunk->new_from;
}

static uint32_t near_to(const struct hunk *hunk, uint32_t line)
{
    return line + NEAR + 1 < hunk->new_to ? line + NEAR + 1 : hunk->new_to;
}

/* Whether any line that came with the hunk has one of the words. */
static bool near(const struct file *file, const struct hunk *hunk, uint32_t line, const char *words)
{
    const uint32_t to = near_to(hunk, line);
    for (uint32_t i = near_from(hunk, line); i < to; i++)
        if (sg_risk_has_any(sg_risk_line_text(&file->new, i), words))
            return true;
    return false;
}

static bool near_call(const struct file *file, const struct hunk *hunk, uint32_t line,
                      const char *names)
{
    const uint32_t to = near_to(hunk, line);
    for (uint32_t i = near_from(hunk, line); i < to; i++)
        if (sg_risk_has_call(sg_risk_line_words(&file->new, i), names))
            return true;
    return false;
}

/* The same name is called on a line that went: not new, rewritten. */
static bool was_there(const struct file *file, const struct hunk *hunk, const char *names)
{
    for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
        if (sg_risk_has_call(sg_risk_line_words(&file->old, i), names))
            return true;
    return false;
}

static bool known_before(const struct file *file, const char *words)
{
    const struct sg_text text = file->old.text;
    for (size_t at = 0; at < text.size; at += 1900)
        if (sg_risk_has_any((struct sg_text){text.data + at, text.size - at}, words))
            return true;
    return false;
}

static void execution(struct look *look, const struct file *file, const struct hunk *hunk,
                      uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    const bool calls = sg_risk_has_call(words, EXECUTES) ||
                       (sg_risk_has_word(words, "require import") &&
                        sg_risk_has_any(sg_risk_line_text(&file->new, line), "child_process"));
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (!calls || was_there(file, hunk, EXECUTES) ||
        sg_risk_has_any(text, ".exec( .compile( re.compile"))
        return;
    uint32_t weight = 130;
    if (!known_before(file, "eval exec( system( spawn popen child_process"))
        weight += 60;
    if (near(file, hunk, line,
             "atob base64 decode unescape fromCharCode decrypt Buffer.from HTTP_ "
             "decipher gunzip"))
        weight += 330;
    if (sg_risk_has_call(words, "eval zend_eval_string runInThisContext create_function"))
        weight += 120;
    sg_risk_report(look, (struct found){SG_RISK_CODE_EXECUTION, file, line, false, weight,
                                        "text is run as code, or another program is started"});
}

/* Words of where and when, by which code picks its victims. */
#define SIGNS                                                                                      \
    "getTimezone timeZone resolvedOptions country geoip ipgeo locale navigator.l "                 \
    "hostname gethostname HTTP_USER_AGENT user-agent USER_AGENT getHours getDay "                  \
    "Date.now getMonth toLocale .ru\" .ru' .ru/ russia belarus navigator.userAgent location.host " \
    "npm_package_description npm_package process.env.npm LC_ALL getFullYear"

/* Those of them that say who somebody is, where clocks and browsers only vary. */
#define PLACES                                                                                     \
    "getTimezone timeZone resolvedOptions country geoip ipgeo locale navigator.l "                 \
    "hostname location.host .ru\" .ru' .ru/ russia belarus npm_package process.env.npm LC_ALL"

/* What is done to the one who was picked. */
#define STRIKES                                                                                    \
    "Audio( 'audio' \"audio\" innerHTML alert( document.body pointerEvents play( appendChild "     \
    "setTimeout( window.location location.href"

static bool asks_when(const struct file *file, uint32_t line)
{
    return sg_risk_has_any(sg_risk_line_text(&file->new, line), "if( if_ ? case while switch") ||
           sg_risk_has_word(sg_risk_line_words(&file->new, line), "if elif switch unless case");
}

/* A new condition on where or when the code runs. */
static void trigger(struct look *look, const struct file *file, const struct hunk *hunk,
                    uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (!sg_risk_has_any(text, SIGNS) ||
        (!asks_when(file, line) && !sg_risk_has_any(text, "country timezone geo")))
        return;
    const bool acts = near_call(file, hunk, line, EXECUTES) ||
                      near_call(file, hunk, line, DESTROYS) || near(file, hunk, line, STRIKES);
    const bool picks = sg_risk_has_any(text, PLACES);
    sg_risk_report(look, (struct found){SG_RISK_TRIGGER, file, line, false,
                                        acts ? (picks ? 420 : 220) : 110,
                                        "what happens depends on where or when the code runs"});
}

/* Lines above a new act within which the old condition that it hangs on must stand. */
#define CONDITION_REACH 15

/* New acts under a condition of that kind that stood there before. */
static void triggered(struct look *look, const struct file *file, uint32_t line)
{
    const struct side *side = &file->new;
    if (!sg_risk_has_any(sg_risk_line_text(side, line), STRIKES) &&
        !sg_risk_has_call(sg_risk_line_words(side, line), EXECUTES) &&
        !sg_risk_has_call(sg_risk_line_words(side, line), DESTROYS))
        return;
    uint32_t indent = sg_risk_line_indent(side, line);
    for (uint32_t i = line; i > 0 && line - i < CONDITION_REACH; i--) {
        if (side->lines[i - 1].n_code == 0 || sg_risk_line_indent(side, i - 1) >= indent)
            continue;
        indent = sg_risk_line_indent(side, i - 1);
        if (side->lines[i - 1].is_changed || !asks_when(file, i - 1) ||
            !sg_risk_has_any(sg_risk_line_text(side, i - 1), SIGNS))
            continue;
        sg_risk_report(look, (struct found){SG_RISK_TRIGGER, file, line, false, 400,
                                            "more happens where or when an old condition says"});
        return;
    }
}

static void destruction(struct look *look, const struct file *file, const struct hunk *hunk,
                        uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool calls = sg_risk_has_call(words, DESTROYS);
    const bool shell = memmem(text.data, text.size, "rm -rf", 6) ||
                       memmem(text.data, text.size, "mkfs", 4) ||
                       sg_risk_has_any(text, "DROP_TABLE");
    if ((!calls && !shell) || was_there(file, hunk, DESTROYS))
        return;
    const bool wide = near(file, hunk, line,
                           "readdir os.homedir '/' \"/\" '../' '../../' '*' $HOME "
                           "~/ walk( glob");
    sg_risk_report(look, (struct found){SG_RISK_DESTRUCTIVE, file, line, false, wide ? 300 : 90,
                                        "files or contracts are deleted or overwritten"});
}

/* ---- loops without end ---- */

static bool is_endless_head(struct words words)
{
    char packed[96];
    size_t n = 0;
    for (uint32_t i = 0; i < words.count; i++) {
        const struct sg_text word = sg_risk_word_at(words, i);
        for (size_t k = 0; k < word.size && n < sizeof(packed); k++)
            packed[n++] = word.data[k];
    }
    const struct sg_text text = {packed, n};
    return sg_risk_has_any(text, "for(;;) while(true) while(1) whileTrue: while(!0)") ||
           (sg_risk_has_word(words, "for while") &&
            sg_risk_has_any(text, "<Infinity <=Infinity <Number.MAX "
                                  "<Number.POSITIVE"));
}

static bool loop_ends(const struct file *file, uint32_t line)
{
    const uint32_t to = line + 60 < file->new.n_lines ? line + 60 : file->new.n_lines;
    for (uint32_t i = line; i < to; i++)
        if (sg_risk_has_word(
                sg_risk_line_words(&file->new, i),
                "break return await yield goto throw exit recv accept sleep panic continue"))
            return true;
    return false;
}

static void endless(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    if (!is_endless_head(words))
        return;
    const bool odd = sg_risk_has_any(sg_risk_line_text(&file->new, line), "Infinity");
    if (odd || !loop_ends(file, line))
        sg_risk_report(look, (struct found){SG_RISK_ENDLESS_LOOP, file, line, false,
                                            odd ? 900 : 380, "a loop without an end came in"});
}

/* ---- calls home ---- */

static bool spoke_before(const struct file *file, const struct hunk *hunk)
{
    for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
        if (sg_risk_has_any(sg_risk_line_text(&file->old, i), NETWORK))
            return true;
    return false;
}

static void network(struct look *look, const struct file *file, const struct hunk *hunk,
                    uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool dials = file->lang == SG_LANG_C &&
                       sg_risk_has_call(sg_risk_line_words(&file->new, line), "connect");
    const bool calls =
        dials || (sg_risk_has_any(text, NETWORK) && !sg_risk_has_any(text, "import from"));
    if (!calls || spoke_before(file, hunk))
        return;
    const bool first = !known_before(file, NETWORK);
    const bool takes = near(file, hunk, line,
                            "process.env os.hostname os.environ getenv .ssh "
                            "cookie password privateKey mnemonic /etc/passwd "
                            "userInfo localStorage keystore .npmrc getPrivate");
    const uint32_t weight = 60u + (first ? 50u : 0u) + (takes ? 250u : 0u);
    sg_risk_report(look,
                   (struct found){SG_RISK_NETWORK_ADDED, file, line, false, weight,
                                  takes ? "what only this machine knows is near a call to another"
                                        : "the code now speaks to another machine"});
}

static void telemetry(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    if (sg_risk_has_word_like(words,
                              "telemetry analytics mixpanel amplitude segment_ sentry trackEvent "
                              "googletagmanager fingerprintjs"))
        sg_risk_report(look, (struct found){SG_RISK_TELEMETRY, file, line, false, 90,
                                            "the program now reports on its use"});
}

static void remote_lookup(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (sg_risk_has_any(text,
                        "javax.naming InitialContext ldap:// rmi:// ObjectInputStream readObject( "
                        "pickle.load yaml.load( Marshal.load XMLDecoder unserialize( "
                        "ScriptEngineManager SpelExpression node-serialize BinaryFormatter "
                        "TypeNameHandling enableDefaultTyping jndi"))
        sg_risk_report(look,
                       (struct found){SG_RISK_REMOTE_LOOKUP, file, line, false, 330,
                                      "names or objects from outside are resolved into code"});
}

/* ---- hidden meaning ---- */

static uint32_t count_of(struct sg_text text, const char *mark)
{
    const size_t size = strlen(mark);
    uint32_t n = 0;
    for (size_t i = 0; i + size <= text.size && i < 4000; i++)
        n += memcmp(text.data + i, mark, size) == 0;
    return n;
}

static void obfuscated(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const uint32_t escapes = count_of(text, "\\x") + count_of(text, "\\u00");
    const bool names = count_of(text, "_0x") >= 2;
    const bool decodes = sg_risk_has_any(text, "fromCharCode( atob( unescape( String.fromCharCode "
                                               "base64_decode( codecs.decode zlib.decompress "
                                               "b64decode( createDecipher rot13 Buffer.from(");
    const bool combined =
        decodes && sg_risk_has_any(text, "eval( exec( Function( require( 'base64' "
                                         "\"base64\" 'hex' child_process \\x");
    if (!names && !combined && (escapes < 8 || file->lang == SG_LANG_C))
        return;
    const uint32_t weight = names ? 600 : combined ? 330 : 180;
    sg_risk_report(look, (struct found){SG_RISK_OBFUSCATED, file, line, false, weight,
                                        "the text hides what the code does"});
}

/* A table of data on one line, such as the interface of a contract: long, and no code. */
static bool is_table(struct sg_text text)
{
    return sg_risk_has_any(text, "\"type\": \"type\":\" 'type': \"inputs\" \"name\": svg <path");
}

/* A line far longer than any that the file had. */
static void packed(struct look *look, const struct file *file, uint32_t line)
{
    if (sg_risk_line_text(&file->new, line).size < 1500 || file->role == ROLE_VENDOR ||
        is_table(sg_risk_line_text(&file->new, line)) ||
        (file->lang != SG_LANG_JS && file->lang != SG_LANG_PHP && file->lang != SG_LANG_PYTHON &&
         file->lang != SG_LANG_SHELL))
        return;
    for (uint32_t i = 0; i < file->old.n_lines; i++)
        if (sg_risk_line_text(&file->old, i).size > 1000)
            return;
    sg_risk_report(look, (struct found){SG_RISK_OBFUSCATED, file, line, false,
                                        file->old.n_lines > 0 ? 450 : 170,
                                        "one line of code is longer than anyone reads"});
}

void sg_risk_rules_behaviour(struct look *look, const struct file *file)
{
    if (!sg_risk_is_program(file->role) && file->role != ROLE_TEST && file->role != ROLE_VENDOR)
        return;
    for (size_t h = 0; h < file->n_hunks; h++) {
        const struct hunk *hunk = &file->hunks[h];
        for (uint32_t i = hunk->new_from; i < hunk->new_to; i++) {
            if (!is_added(&file->new, i))
                continue;
            obfuscated(look, file, i);
            packed(look, file, i);
            if (file->role == ROLE_CI || (file->role == ROLE_BUILD && file->lang != SG_LANG_JS &&
                                          file->lang != SG_LANG_RUST))
                continue;
            execution(look, file, hunk, i);
            trigger(look, file, hunk, i);
            triggered(look, file, i);
            destruction(look, file, hunk, i);
            endless(look, file, i);
            network(look, file, hunk, i);
            telemetry(look, file, i);
            remote_lookup(look, file, i);
        }
    }
}
