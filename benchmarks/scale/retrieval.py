"""What int8 and the lists lose of what float32 and comparing with all finds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.scale.measuring import report
from indexer.embeddings import SentenceTransformerEncoder
from indexer.shipped_encoder import CLAIMS, ShippedEncoder


def retrieval(data: Path, most: int = 4_000) -> None:
    """What int8 and the lists lose of what float32 and comparing with all finds."""
    exact, small = SentenceTransformerEncoder.open(), ShippedEncoder(CLAIMS)
    rows = []
    for name in ("nfcorpus", "arguana"):
        folder = data / "retrieval" / name
        documents, queries, relevant = _collection(folder, most)
        found = {}
        for precision, encoder in (("float32", exact), ("int8", small)):
            held, asked = encoder.encode(list(documents.values())), encoder.encode(list(queries.values()))
            found[precision] = np.argsort(-(asked @ held.T), axis=1, kind="stable")[:, :51]
        ids = list(documents)
        ranked = {
            p: [[ids[at] for at in row if ids[at] != query][:50] for row, query in zip(best, queries, strict=True)]
            for p, best in found.items()
        }
        gains = {
            p: np.mean([_ndcg(row, relevant[q]) for row, q in zip(r, queries, strict=True)]) for p, r in ranked.items()
        }
        recalls = {
            p: np.mean(
                [len(set(row) & relevant[q].keys()) / len(relevant[q]) for row, q in zip(r, queries, strict=True)]
            )
            for p, r in ranked.items()
        }
        same = np.mean([len(set(a) & set(b)) / 50 for a, b in zip(ranked["float32"], ranked["int8"], strict=True)])
        rows.append(
            [
                f"{name}, {len(documents):,} documents, {len(queries):,} queries",
                f"{gains['float32']:.4f} / {gains['int8']:.4f} ({gains['int8'] - gains['float32']:+.4f})",
                f"{recalls['float32']:.4f} / {recalls['int8']:.4f} ({recalls['int8'] / recalls['float32']:.3f})",
                f"{same:.3f}",
            ]
        )
    notes = (
        "Float32 compares with all documents. The last column: of the 50 nearest by float32, the share that int8 has "
        f"among its 50. Collections are cut to their judged documents and others up to {most:,}."
    )
    columns = ["collection", "nDCG@10, float32 / int8", "recall@50, float32 / int8", "the same 50"]
    report("retrieval", "Retrieval quality kept", columns, rows, notes)


def _collection(folder: Path, most: int) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, int]]]:
    """Documents, those queries with a judgement, and the judgements."""
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, {})[document] = int(score)

    def read(name: str) -> Iterator[tuple[str, str]]:
        for line in (folder / name).read_text("utf-8").splitlines():
            one = json.loads(line)
            yield one["_id"], f"{one.get('title') or ''} {one['text']}".strip()

    asked = sorted(relevant)[: most // 10]
    relevant = {one: relevant[one] for one in asked}
    queries = {one: text for one, text in read("queries.jsonl") if one in relevant}
    judged = {one for those in relevant.values() for one in those} | queries.keys()
    every = dict(read("corpus.jsonl"))
    kept = [one for one in every if one in judged] + [one for one in every if one not in judged]
    return {one: every[one] for one in kept[:most]}, queries, relevant


def _ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    gains = [relevant.get(one, 0) / np.log2(place + 2) for place, one in enumerate(ranked[:k])]
    best = sorted(relevant.values(), reverse=True)[:k]
    return float(sum(gains) / sum(gain / np.log2(place + 2) for place, gain in enumerate(best)))
