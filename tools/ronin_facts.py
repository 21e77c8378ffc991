#!/usr/bin/env python3
"""Compile the facts of the Ronin case from the collected sources into the project's own formats.

    tools/ronin_facts.py SHARED/data OUT

writes transfers.csv, labels.csv, accounts.csv and deposits.csv into OUT, and prints what the case file
states about the swappers, one line an entry and the total, in ETH. Same input, same bytes. What each
column is and where it is from: cases/ronin-2022/SOURCES.md. Amounts are Python integers throughout.
"""
import csv
import datetime
import os
import sys

CHAIN = "ethereum"
THIEF = "Ronin thief"
ROUTER = "0xd90e2f925da726b50c4ed8d0fb90ad053324f31b"
BRIDGE = "0x1a2a1c938ce3ec39b6d47113c7955baa9dd454f2"
FUNDER = "0x4976a4a02f38326660d17bf34b431dc6e2eb2327"
PRIMARY = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"

# role in the collected list -> entity, category, confidence
ROLES = {
    "theft_primary": (THIEF, "theft", "high"),
    "swapper": (THIEF, "swapper", "medium"),
    "intermediary_to_cex": (THIEF, "intermediary", "medium"),
    "intermediary_to_tc": (THIEF, "intermediary", "medium"),
    "dormant_2022_04_07": (THIEF, "dormant", "medium"),
    "tc_depositor": (THIEF, "depositor", "medium"),
    "tc_withdrawer": (THIEF, "withdrawer", "low"),
    "tc_to_renbridge": (THIEF, "intermediary", "low"),
    "cex_deposit_huobi": ("Huobi", "exchange", "medium"),
    "cex_deposit_ftx": ("FTX", "exchange", "medium"),
    "cex_deposit_cryptocom": ("Crypto.com", "exchange", "medium"),
}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(folder, name, header, rows):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def fee_of(tx):
    return int(tx["gasPrice"]) * int(tx["gasUsed"])


def transfers(txs):
    """In the order of the file: it is the only order inside a block that is known."""
    for tx in txs:
        status = {"0": "ok", "1": "failed"}[tx["isError"]]
        yield [tx["blockNumber"], tx["hash"], utc(int(tx["timeStamp"])), "native", tx["from"], tx["to"],
               "", int(tx["value"]), status, fee_of(tx), CHAIN]


def own_labels(tagpack):
    """Labels that the collected list lacks, each checked against the file that it rests on."""
    if ROUTER not in tagpack.lower():
        sys.exit("the router is not in the tag pack")
    yield [CHAIN, ROUTER, "Tornado Cash", "mixer", "router", "tagpack-tornado", "high", "2022-08-10", ""]
    yield [CHAIN, BRIDGE, "Ronin bridge", "victim", "bridge contract", "theft-txs", "high", "", ""]
    yield [CHAIN, FUNDER, "Unknown funder", "funder", "first gas", "account-exports", "high", "",
           "paid 1.0569 ETH to the thief 12 minutes before the first theft"]
    yield [CHAIN, PRIMARY, THIEF, "theft", "theft_primary", "ofac-2022-04-14", "high", "2022-04-14",
           "listed as an identifier of Lazarus Group"]


def labels(collected, tagpack):
    yield from own_labels(tagpack)
    for row in collected:
        entity, category, confidence = ROLES[row["role"]]
        yield [CHAIN, row["address"], entity, category, row["role"], "tayvano-ronin", confidence, "", ""]


def deposits(rows):
    for row in sorted(rows, key=lambda r: int(r["leaf_index"])):
        yield [row["tx_hash"], row["block"], row["timestamp"], row["depositor"], row["leaf_index"]]


def eth(wei):
    return f"{wei // 10**18}.{wei % 10**18:018d}"


def unexplained(txs, address):
    """What an account paid, gas included, beyond what the rows say it received, in wei."""
    out = gas = got = 0
    for tx in txs:
        moved = int(tx["value"]) if tx["isError"] == "0" else 0
        if tx["from"] == address:
            out += moved
            gas += fee_of(tx)
        if tx["to"] == address:
            got += moved
    return out + gas - got


def main(data, folder):
    source = os.path.join(data, "ronin-2022")
    txs = read(os.path.join(source, "native_txs.csv"))
    collected = read(os.path.join(source, "labels.csv"))
    with open(os.path.join(data, "tagpacks", "tornado_cash.yaml"), encoding="utf-8") as file:
        tagpack = file.read()
    write(folder, "transfers.csv",
          ["block", "tx_hash", "time", "kind", "from", "to", "asset", "amount", "status", "fee", "chain"],
          transfers(txs))
    write(folder, "labels.csv",
          ["chain", "address", "entity", "category", "role", "source", "confidence", "seen", "note"],
          labels(collected, tagpack))
    write(folder, "accounts.csv", ["address"],
          ([row["address"]] for row in collected if row["in_native_txs"] == "1"))
    write(folder, "deposits.csv", ["tx_hash", "block", "time", "depositor", "leaf_index"],
          deposits(read(os.path.join(source, "tc_deposits_truth.csv"))))
    total = 0
    for row in collected:
        if row["role"] == "swapper":
            wei = unexplained(txs, row["address"])
            total += wei
            print(f"entry {row['address']} {eth(wei)}")
    print(f"total {eth(total)}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
