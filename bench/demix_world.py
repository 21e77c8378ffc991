"""What each rule of `sillage demix` that needs a ledger is worth on made-up worlds, whose truth is known.

    bench/demix_world.py SILLAGE [WORLDS]

Each world: 8,000 people over a year who mix as much as they pay, twelve thefts that mix much; the rest as in docs/methods/simulate.md.
The pools are read from the ledger, the theft's deposits and the pairs from truth.json, services from the
truth as labels. Prints, counted by withdrawal: the model alone; each rule's coverage, lift, and F1 where it
alone decides; and the model with all rules, each rule's weight taken from the other worlds (naive Bayes).
A made-up world: it says that a rule works as meant, not what it is worth on a chain.
"""
import json
import math
import subprocess
import sys
import tempfile

SCENARIO = """sillage_scenario: 1
people: 8000
background: {mix: 500}
thefts: {count: 12, coins_min: 500, coins_max: 5000, mix: 500}
"""
ROWS = 300000
LEAST_DEPOSITS = 10
SHARED = "first paid by one who"


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def label_store(sillage, folder, truth):
    rows = ["address,entity,category,source"]
    for entity in truth["entities"]:
        for address in entity["addresses"]:
            rows.append(f"{address},{entity['entity']},{entity['category']},truth")
    for deposit in truth["deposit_addresses"]:
        rows.append(f"{deposit['address']},exchange {deposit['exchange']},exchange,truth")
    with open(f"{folder}/labels.csv", "w") as out:
        out.write("\n".join(rows) + "\n")
    run(sillage, "labels", "import", f"{folder}/labels.csv", "--format", "csv", "--labels",
        f"{folder}/labels")


def pools_file(folder, truth):
    mixer = next(e for e in truth["entities"] if e["category"] == "mixer")
    lines = ["sillage_pools: 1", "chain: ethereum", "pools:"]
    for address, size in zip(mixer["addresses"], (1, 10, 100)):
        lines.append(f"- {{name: eth-{size}, asset: ETH, decimals: 18, denomination: {size}, "
                     f"contracts: ['{address}']}}")
    with open(f"{folder}/pools.yaml", "w") as out:
        out.write("\n".join(lines) + "\n")


def rules_of(withdrawer):
    """Names of the rules that speak of an address; a funder counts where the theft shares it."""
    found = set()
    for evidence in withdrawer["evidence"]:
        if evidence["weight"] is not None:
            continue
        if evidence["rule"] != "first_funding" or evidence["detail"].startswith(SHARED):
            found.add(evidence["rule"])
        if evidence["rule"] == "same_service" and evidence["detail"].endswith("depositor"):
            found.add("same_service, a depositor too")
    return found


def answers(sillage, folder, truth, theft):
    """(withdrawals, is the theft's, probability, rules) of each address of each pool."""
    own = set(theft["addresses"])
    pairs = [e for e in truth["events"] if e["kind"] == "mixer_pair" and e["from"] in own]
    if len(pairs) < LEAST_DEPOSITS:
        return
    with open(f"{folder}/theft.csv", "w") as out:
        out.write("tx_hash,depositor\n" + "".join(f"{p['tx_in']},{p['from']}\n" for p in pairs))
    true = {p["tx_out"] for p in pairs}
    made = json.loads(run(sillage, "demix", "--pools", f"{folder}/pools.yaml", "--depositors",
                          f"{folder}/theft.csv", "--ledger", f"{folder}/ledger", "--labels",
                          f"{folder}/labels", "--json"))
    for pool in made["pools"]:
        if pool["deposits"] < LEAST_DEPOSITS:
            continue
        for w in pool["withdrawers"]:
            yield (len(w["withdrawals"]), any(t["tx"] in true for t in w["withdrawals"]),
                   w["probability"], rules_of(w))


def world(sillage, seed):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/scenario.yaml", "w") as out:
            out.write(SCENARIO)
        run(sillage, "simulate", "--out", folder, "--seed", str(seed), "--transfers", str(ROWS),
            "--scenario", f"{folder}/scenario.yaml", "--format", "ledger")
        with open(f"{folder}/truth.json") as file:
            truth = json.load(file)
        label_store(sillage, folder, truth)
        pools_file(folder, truth)
        return [row for theft in truth["thefts"] for row in answers(sillage, folder, truth, theft)]


def f1(rows, says):
    hit = sum(n for n, true, p, rules in rows if true and says(p, rules))
    said = sum(n for n, true, p, rules in rows if says(p, rules))
    true = sum(n for n, true, p, rules in rows if true)
    return 2 * hit / (said + true) if said + true else 0


def measure(rows):
    """F1 at 0.5, average precision, expected calibration error."""
    ranked = sorted(rows, key=lambda row: -row[2])
    positive = sum(row[0] for row in rows if row[1])
    hit = taken = precision = 0
    bins = [[0, 0] for _ in range(10)]
    for n, true, p, _ in ranked:
        taken += n
        hit += n * true
        precision += n * true / positive * hit / taken
        bins[min(9, int(p * 10))][0] += n * true
        bins[min(9, int(p * 10))][1] += n * p
    error = sum(abs(truth - claimed) for truth, claimed in bins) / taken
    return f1(rows, lambda p, rules: p >= 0.5), precision, error


def weights(rows, names):
    """Log odds that a rule adds where it speaks, and where it does not."""
    made = {}
    for name in names:
        count = [[1, 1], [1, 1]]
        for n, true, _, rules in rows:
            count[true][name in rules] += n
        ratio = [count[True][i] / sum(count[True]) / (count[False][i] / sum(count[False]))
                 for i in (0, 1)]
        made[name] = [math.log(r) for r in ratio]
    return made


def with_rules(rows, made):
    for n, true, p, rules in rows:
        p = min(max(p, 1e-6), 1 - 1e-6)
        odds = math.log(p / (1 - p)) + sum(w[name in rules] for name, w in made.items())
        yield n, true, 1 / (1 + math.exp(-odds)), rules


def main():
    sillage = sys.argv[1]
    worlds = [world(sillage, seed) for seed in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3)]
    rows = [row for one in worlds for row in one]
    names = sorted(set().union(*(row[3] for row in rows)))
    total = sum(row[0] for row in rows)
    base = sum(row[0] for row in rows if row[1]) / total
    print(f"{total} withdrawals in windows, share of the thefts {base:.3f}")
    print("the model alone: F1 %.3f, average precision %.3f, calibration error %.3f" % measure(rows))
    for name in names:
        covered = sum(row[0] for row in rows if name in row[3])
        hit = sum(row[0] for row in rows if row[1] and name in row[3])
        others = [[r for k, other in enumerate(worlds) if k != i for r in other]
                  for i in range(len(worlds))]
        added = [row for i, one in enumerate(worlds)
                 for row in with_rules(one, weights(others[i], [name]))]
        print("%s: speaks of %.3f, lift %.2f, alone F1 %.3f; with the model F1 %.3f, average "
              "precision %.3f, calibration error %.3f" %
              (name, covered / total, hit / covered / base,
               f1(rows, lambda p, rules: name in rules), *measure(added)))
    added = [row for i, one in enumerate(worlds) for row in with_rules(
        one, weights([r for k, other in enumerate(worlds) if k != i for r in other], names))]
    print("the model and all rules: F1 %.3f, average precision %.3f, calibration error %.3f" %
          measure(added))


if __name__ == "__main__":
    main()
