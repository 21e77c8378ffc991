"""How well `sillage workers payroll` finds the collectors of made-up worlds, whose truth is known.

    bench/payroll_truth.py SILLAGE [WORLDS] [--labels] [--keep-crooked PERMILLE]

Each world: 6,000 payees of 40 payers over a year, 1 % of whom gather; the rest as in
docs/methods/simulate.md. Prints a line a world and precision and recall over all of them. With
--labels, exchanges and brokers of the truth are given to the detector as a label store; without,
it has nothing but rows.
"""
import json
import subprocess
import sys
import tempfile

SCENARIO = """sillage_scenario: 1
payrolls: {payers: 40, payees: 150, crooked_permille: %s}
"""
ROWS = 1200000


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return done.stdout


def label_store(sillage, folder, truth):
    rows = ["address,entity,category,source"]
    for entity in truth["entities"]:
        for address in entity["addresses"]:
            rows.append(f"{address},{entity['entity']},{entity['category']},truth")
    with open(f"{folder}/labels.csv", "w") as out:
        out.write("\n".join(rows) + "\n")
    run(sillage, "labels", "import", f"{folder}/labels.csv", "--format", "csv", "--labels",
        f"{folder}/labels")
    return ["--labels", f"{folder}/labels"]


def true_rings(truth):
    """Collector -> payees, for every ring; payees that were never paid are in no ring."""
    rings = {}
    for payroll in truth["payrolls"]:
        for payee in payroll["payees"]:
            if payee["habit"] == "gathers":
                rings.setdefault(payee["collector"], set()).add(payee["address"])
    return rings


def one_world(sillage, seed, permille, with_labels):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/s.yaml", "w") as out:
            out.write(SCENARIO % permille)
        run(sillage, "simulate", "--out", folder, "--seed", str(seed), "--transfers", str(ROWS),
            "--scenario", f"{folder}/s.yaml", "--format", "ledger")
        with open(f"{folder}/truth.json") as source:
            truth = json.load(source)
        labels = label_store(sillage, folder, truth) if with_labels else []
        found = json.loads(run(sillage, "workers", "payroll", "--ledger", f"{folder}/ledger",
                               "--chain", "ethereum", "--json", *labels))
    rings = true_rings(truth)
    told = {c["address"]: {m["payee"] for m in c["members"]} for c in found["collectors"]}
    right = set(rings) & set(told)
    members = sum(len(rings[r]) for r in rings)
    members_told = sum(len(t) for t in told.values())
    members_right = sum(len(rings[r] & told[r]) for r in right)
    paid = sum(len(p["payees"]) for p in truth["payrolls"])
    print(f"seed {seed}: {paid} payees, {found['payees']} with a series, {len(rings)} rings of "
          f"{members}; told {len(told)}, right {len(right)}; members told {members_told}, right "
          f"{members_right}", flush=True)
    for missed in set(rings) - right:
        print(f"  missed a ring of {len(rings[missed])}")
    for wrong in set(told) - right:
        print(f"  wrong: {wrong} with {len(told[wrong])} payees")
    return [len(rings), len(told), len(right), members, members_told, members_right]


def main():
    sillage = sys.argv[1]
    worlds = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 10
    permille = sys.argv[sys.argv.index("--keep-crooked") + 1] if "--keep-crooked" in sys.argv else 10
    sums = [0] * 6
    for seed in range(1, worlds + 1):
        figures = one_world(sillage, seed, permille, "--labels" in sys.argv)
        sums = [a + b for a, b in zip(sums, figures)]
    rings, told, right, members, members_told, members_right = sums
    print(f"collectors: precision {right}/{told} = {right / max(told, 1):.3f}, "
          f"recall {right}/{rings} = {right / max(rings, 1):.3f}")
    print(f"members:    precision {members_right}/{members_told} = "
          f"{members_right / max(members_told, 1):.3f}, "
          f"recall {members_right}/{members} = {members_right / max(members, 1):.3f}")


main()
