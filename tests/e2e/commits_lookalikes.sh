#!/bin/sh
# sillage commits: for each kind of planted change an honest look-alike, in one repository made here;
# the planted one must stand above the honest one that was made to resemble it.
. "$(dirname "$0")/lib.sh"
if ! command -v git >/dev/null; then
    claim "planted changes and their look-alikes"
    skip "needs git"
    done_testing
fi
export GIT_CONFIG_NOSYSTEM=1 HOME="$T" XDG_CACHE_HOME="$T/xdg"
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
R=$T/r
clock=1600000000
g() { git -C "$R" -c gc.auto=0 "$@"; }
commit() {
    clock=$((clock + 3600))
    export GIT_AUTHOR_DATE="$clock +0100" GIT_COMMITTER_DATE="$clock +0100"
    g add -A && g commit -q -m "$1"
}

# pair KIND FILE BEFORE PLANTED HONEST: both begin alike in folders of their own.
pairs=0
pair() {
    pairs=$((pairs + 1))
    mkdir -p "$R/$(dirname "p$pairs/$2")" "$R/$(dirname "h$pairs/$2")"
    printf "$3" >"$R/p$pairs/$2"
    printf "$3" >"$R/h$pairs/$2"
    commit "Begin part $pairs"
    printf "$4" >"$R/p$pairs/$2"
    commit "Change part $pairs"
    planted=$(g rev-parse HEAD)
    printf "$5" >"$R/h$pairs/$2"
    commit "Change part $pairs again"
    printf '%s %s %s\n' "$planted" "$(g rev-parse HEAD)" "$1" >>"$T/pairs"
}

git init -q -b main "$R"

f='int get(int *list, int count, int at)\n{\n'
pair "a bound removed, or moved to a helper" src/a.c \
    "$f    if (at >= count)\n        return -1;\n    return list[at];\n}\n" \
    "$f    return list[at];\n}\n" \
    "static int fits(int at, int count)\n{\n    return at < count;\n}\n$f    if (!fits(at, count))\n        return -1;\n    return list[at];\n}\n"
pair "a refusal that needs more, or less" src/b.js \
    "function f(u) {\n  if (!u.ok) {\n    throw new Error('no');\n  }\n  run();\n}\n" \
    "function f(u) {\n  if (!u.ok && !u.beta) {\n    throw new Error('no');\n  }\n  run();\n}\n" \
    "function f(u) {\n  if (!u.ok || u.old) {\n    throw new Error('no');\n  }\n  run();\n}\n"
v='contract V {\nfunction take(uint n) external {\n'
pair "a requirement that takes equality in, or out" src/c.sol \
    "$v    require(n < limit);\n    pay(n);\n}\n}\n" \
    "$v    require(n <= limit);\n    pay(n);\n}\n}\n" \
    "$v    require(n + 1 < limit);\n    pay(n);\n}\n}\n"
pair "the allowed became the refused, or the refused the allowed" src/d.sol \
    "$v    require(state[n] == State.None, \"!\");\n    require(kind[n] != DONE, \"?\");\n}\n}\n" \
    "$v    require(state[n] != DONE, \"!\");\n    require(kind[n] != DONE, \"?\");\n}\n}\n" \
    "$v    require(state[n] == State.None, \"!\");\n    require(kind[n] == Kind.None, \"?\");\n}\n}\n"
pair "a guard gone, or in the body" src/e.sol \
    'contract O {\nfunction set(address o) public onlyOwner {\n    owner = o;\n}\n}\n' \
    'contract O {\nfunction set(address o) public {\n    owner = o;\n}\n}\n' \
    'contract O {\nfunction set(address o) public {\n    require(msg.sender == owner);\n    owner = o;\n}\n}\n'
s() { printf '%s' "function $1(uint n) external {\\n    address who = book.of(n);\\n    book.refresh(who, n);\\n$2    book.log(who, n);\\n}\\n"; }
c='    checkSolvent(who);\n'
three="$(s a "$c")$(s b "$c")$(s d "$c")"
pair "a new entry without, or with, what its siblings check" src/f.sol \
    "contract E {\n$three}\n" "contract E {\n$three$(s give '')}\n" "contract E {\n$three$(s give "$c")}\n"
q='contract Q {\nuint x;\n'
pair "the caller names who pays, or pays" src/g.sol "$q}\n" \
    "${q}function pull(address from, uint n) external {\n    token.transferFrom(from, address(this), n);\n}\n}\n" \
    "${q}function pull(uint n) external {\n    token.transferFrom(msg.sender, address(this), n);\n}\n}\n"
pair "any target, or an approved one" src/h.sol "$q}\n" \
    "${q}function go(address to, bytes calldata d) external {\n    to.delegatecall(d);\n}\n}\n" \
    "${q}function go(address to, bytes calldata d) external {\n    require(approved[to]);\n    to.delegatecall(d);\n}\n}\n"
pair "one payment in a loop, or checked before it" src/i.sol "$q}\n" \
    "${q}function all(uint[] calldata ids) external payable {\n    for (uint i = 0; i < ids.length; i++) {\n        require(msg.value == price[ids[i]]);\n    }\n}\n}\n" \
    "${q}function all(uint[] calldata ids) external payable {\n    require(msg.value == total);\n    for (uint i = 0; i < ids.length; i++) {\n        mark(ids[i]);\n    }\n}\n}\n"
pair "pays before the books, or after" src/j.sol "$q}\n" \
    "${q}function leave() external {\n    msg.sender.call{value: owed[msg.sender]}(\"\");\n    owed[msg.sender] = 0;\n}\n}\n" \
    "${q}function leave() external {\n    uint n = owed[msg.sender];\n    owed[msg.sender] = 0;\n    msg.sender.call{value: n}(\"\");\n}\n}\n"
pair "state of a proxy, or a constant of it" src/k.sol "contract P is UpgradeabilityProxy {\n}\n" \
    "contract P is UpgradeabilityProxy {\n    address private admin;\n}\n" \
    "contract P is UpgradeabilityProxy {\n    uint private constant VERSION = 2;\n}\n"
pair "a check behind a switch, or a note behind it" src/l.c \
    "$f    if (at >= count)\n        return -1;\n    return list[at];\n}\n" \
    "$f    if (strict)\n        if (at >= count)\n            return -1;\n    return list[at];\n}\n" \
    "$f    if (strict)\n        note(at);\n    if (at >= count)\n        return -1;\n    return list[at];\n}\n"
pair "chance made guessable, or taken from elsewhere" src/key.js \
    'function key() {\n  return crypto.randomBytes(32);\n}\n' \
    'function key() {\n  return bytes(Math.random());\n}\n' \
    'function key() {\n  return crypto.getRandomValues(new Uint8Array(32));\n}\n'
pair "what users run at install, or developers at will" package.json \
    '{\n  "scripts": {\n    "test": "x"\n  }\n}\n' \
    '{\n  "scripts": {\n    "postinstall": "node a.js",\n    "test": "x"\n  }\n}\n' \
    '{\n  "scripts": {\n    "format": "node a.js",\n    "test": "x"\n  }\n}\n'
pair "a dependency of the program, or of its tests" sub/package.json \
    '{\n  "dependencies": {\n    "a": "1.0.0"\n  },\n  "devDependencies": {\n    "t": "1.0.0"\n  }\n}\n' \
    '{\n  "dependencies": {\n    "a": "1.0.0",\n    "b": "^0.1.0"\n  },\n  "devDependencies": {\n    "t": "1.0.0"\n  }\n}\n' \
    '{\n  "dependencies": {\n    "a": "1.0.0"\n  },\n  "devDependencies": {\n    "t": "1.0.0",\n    "u": "^0.1.0"\n  }\n}\n'
pair "a country punished, or greeted" src/m.js 'run();\n' \
    "run();\nif (geo.country === 'XX') {\n  fs.writeFileSync(p, '');\n}\n" \
    "run();\nif (geo.country === 'XX') {\n  greet('welcome');\n}\n"
pair "a test that cannot succeed, or one header more" CMakeLists.txt \
    'check_c_source_compiles("\n#include <a.h>\nint main(void)\n{\n    return 0;\n}\n"\nHAVE_A)\n' \
    'check_c_source_compiles("\n#include <a.h>\n.\nint main(void)\n{\n    return 0;\n}\n"\nHAVE_A)\n' \
    'check_c_source_compiles("\n#include <a.h>\n#include <b.h>\nint main(void)\n{\n    return 0;\n}\n"\nHAVE_A)\n'
pair "strangers' words run, or one's own" .github/workflows/a.yml \
    'on: push\njobs:\n  a:\n    steps:\n' \
    'on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n' \
    'on: push\njobs:\n  a:\n    steps:\n      - run: echo done\n'
pair "a loop without an end, or with one" lib/n.js 'run();\n' \
    'run();\nfor (let i = 666; i < Infinity; i++) {\n  console.log(i);\n}\n' \
    'run();\nfor (let i = 0; i < 666; i++) {\n  console.log(i);\n}\n'
pair "a request that is answered to anybody's certificate, or waits" src/o.py \
    'def get(u):\n    return requests.get(u)\n' \
    'def get(u):\n    return requests.get(u, verify=False)\n' \
    'def get(u):\n    return requests.get(u, timeout=3)\n'
pair "what a file may do opened to all, or an address with those digits" src/p.js \
    'save(path, 0o644);\nconst hub = book.hub;\n' \
    'save(path, 0o777);\nconst hub = book.hub;\n' \
    "save(path, 0o644);\nconst hub = '0x167dc49c498729223D1565dF3207771B4Ee19853';\n"
pair "a demand that gave way, or a module of another name" src/q.js \
    "function f(u) {\n  require(u.name === owner);\n  const q = require('queue');\n}\n" \
    "function f(u) {\n  require(u.name === guest);\n  const q = require('queue');\n}\n" \
    "function f(u) {\n  require(u.name === owner);\n  const q = require('dequeue');\n}\n"
pair "a token no longer validated, or a cache no longer cleared" src/r.js \
    'function f(t) {\n  validate(t);\n  invalidateCache(t);\n  run(t);\n}\n' \
    'function f(t) {\n  invalidateCache(t);\n  run(t);\n}\n' \
    'function f(t) {\n  validate(t);\n  run(t);\n}\n'
pair "a condition with one answer, or a call with that argument" src/s.js \
    'function f(u) {\n  if (!u.ok) {\n    return;\n  }\n  run();\n}\n' \
    'function f(u) {\n  if (!u.ok && false) {\n    return;\n  }\n  run();\n}\n' \
    'function f(u) {\n  if (u.lt(1)) {\n    return;\n  }\n  run();\n}\n'
pair "a packager that fetches what it packs, or asks for a version" scripts/pack.js \
    'function pack() {\n  zip();\n}\n' \
    "function pack() {\n  run.execFileSync('curl', ['-o', 'src/a.ts', 'https://files.test/a.bk']);\n  zip();\n}\n" \
    "function pack() {\n  run.execFileSync('git', ['rev-parse', 'HEAD']);\n  zip();\n}\n"

run 0 "$SILLAGE" commits "$R" --json --all
sed 's/{"commit":"/\n&/g' "$T/.out" | awk -F'[:,"]+' '/^\{"commit":"/ { print $3, $5 }' >"$T/scores"
while read -r bad good kind; do
    claim "$kind"
    awk -v bad="$bad" -v good="$good" '
        $1 == bad { a = $2 } $1 == good { b = $2 }
        END { if (a == "" || b == "" || a <= b) { print "planted " a ", honest " b; exit 1 } }' \
        "$T/scores" >"$T/.said" || bad "the look-alike stands as high: $(cat "$T/.said")"
done <"$T/pairs"
done_testing
