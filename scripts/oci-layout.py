#!/usr/bin/env python3
"""Makes an OCI image layout of a directory, and back. Needs nothing but Python.

  oci-layout.py pack FILES LAYOUT [LABEL=VALUE…]   prints the image's digest
  oci-layout.py unpack LAYOUT FILES                prints the user and the entry point
  oci-layout.py label LAYOUT LABEL                 prints the value of a label
  oci-layout.py digest LAYOUT                      prints the image's digest

The same files and labels give the same bytes. SOURCE_DATE_EPOCH is when the image was made, in
seconds since 1970. The image runs /function as user 65532, with nothing else in its root directory.
"""

import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import sys
import tarfile

USER = "65532:65532"
ENTRY_POINT = ["/function"]
CONFIG = "application/vnd.oci.image.config.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def pack(files: pathlib.Path, layout: pathlib.Path, labels: dict[str, str]) -> None:
    shutil.rmtree(layout, ignore_errors=True)
    archive = archived(files)
    layer = stored(layout, gzip.compress(archive, 9, mtime=0), LAYER)
    config = stored(layout, as_json(configuration(archive, labels)), CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
    described = stored(layout, as_json(manifest), MANIFEST)
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [described]}
    (layout / "index.json").write_bytes(as_json(index))
    (layout / "oci-layout").write_bytes(as_json({"imageLayoutVersion": "1.0.0"}))
    print(described["digest"])


def archived(files: pathlib.Path) -> bytes:
    """The files as a tar archive, in one order, of no one and of no time."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(files.rglob("*")):
            entry = tar.gettarinfo(path, path.relative_to(files).as_posix())
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644
            tar.addfile(entry, io.BytesIO(path.read_bytes()) if path.is_file() else None)
    return archive.getvalue()


def configuration(archive: bytes, labels: dict[str, str]) -> dict:
    made = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    created = datetime.datetime.fromtimestamp(made, datetime.timezone.utc)
    return {
        "architecture": "amd64",
        "os": "linux",
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "config": {"User": USER, "Entrypoint": ENTRY_POINT, "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(archive)]},
    }


def stored(layout: pathlib.Path, content: bytes, media_type: str) -> dict:
    digest = digest_of(content)
    path = blob(layout, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def unpack(layout: pathlib.Path, files: pathlib.Path) -> None:
    manifest, config = image(layout)
    for layer in manifest["layers"]:
        with tarfile.open(blob(layout, layer["digest"])) as tar:
            for entry in tar:
                path = files / entry.name
                if entry.isdir():
                    path.mkdir(parents=True, exist_ok=True)
                else:
                    path.write_bytes(tar.extractfile(entry).read())
                    path.chmod(entry.mode)
    print(config["config"]["User"], *config["config"]["Entrypoint"])


def image(layout: pathlib.Path) -> tuple[dict, dict]:
    """The manifest and the configuration."""
    index = json.loads((layout / "index.json").read_bytes())
    manifest = json.loads(blob(layout, index["manifests"][0]["digest"]).read_bytes())
    return manifest, json.loads(blob(layout, manifest["config"]["digest"]).read_bytes())


def blob(layout: pathlib.Path, digest: str) -> pathlib.Path:
    return layout / "blobs" / pathlib.Path(*digest.split(":", 1))


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def as_json(value: dict) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["pack", files, layout, *labels] if all("=" in label for label in labels):
            pairs = dict(label.split("=", 1) for label in labels)
            pack(pathlib.Path(files), pathlib.Path(layout), pairs)
        case ["unpack", layout, files]:
            unpack(pathlib.Path(layout), pathlib.Path(files))
        case ["label", layout, label]:
            print(image(pathlib.Path(layout))[1]["config"]["Labels"][label])
        case ["digest", layout]:
            print(json.loads((pathlib.Path(layout) / "index.json").read_bytes())["manifests"][0]["digest"])
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
