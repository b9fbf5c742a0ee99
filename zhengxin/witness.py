"""政信见证程序：核对登记簿的检查点，只有登记簿只增不改才签名。退出码：0正常，1没有办成，2报警。

用法：python witness.py 命令。密钥和见证过的检查点存在当前文件夹下的zhengxin-witness里。
  init 见证人名称 登记簿公钥           造密钥，印出见证人的公钥（名称中不能有空格和加号）
  check 镜像网址、镜像文件夹或邮件附件 [--all]   核对并签名；--all连每一块一起核对
  serve [127.0.0.1] [8151]             等登记簿送来检查点
  verify 凭证.json                     核对一条记录的凭证
  rekey 镜像或附件 新公钥              登记簿换了密钥：核对旧密钥签的换钥公告，改认纸质公告上的新公钥
  compare 甲.txt 乙.txt [镜像]         比较两份见证过的检查点
One file: Python 3.11 and `cryptography`, nothing else of Zhengxin. Forms: C2SP signed-note,
tlog-checkpoint, tlog-tiles, tlog-cosignature (cosignature/v1), tlog-witness; RFC 6962.
"""

import json
import os
import re
import sqlite3
import sys
import threading
import time
import urllib.request
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from functools import reduce
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HASH, TILE, EMPTY, PLAIN = 32, 256, sha256(b"").digest(), "text/plain; charset=utf-8"
LOG, COSIGNER = b"\x01", b"\x04"  # signature types of signed-note
MOST, PATIENCE = 1 << 16, 20.0  # bytes of a checkpoint or request; seconds for one whole answer
SIZE, SHA = "(0|[1-9][0-9]{0,17})", "[A-Za-z0-9+/]{43}="
B64 = "(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
NOTE = re.compile(f"((.+)\n{SIZE}\n({SHA})\n(?:.+\n)*)\n((?:— [^\\s+]+ {B64}\n)+)")
REQUEST = re.compile(f"old {SIZE}\n((?:{SHA}\n){{0,63}})\n(.*)", re.DOTALL)


class Trouble(Exception):
    """Nothing was signed. Arguments: the sentence why; what an HTTP client is told: status, body."""


class Alarm(Trouble):
    """The log contradicts what it signed before, or somebody stands in its place."""


class Key:
    """A public Ed25519 key; line: name+id+base64, id: SHA-256(name, newline, type, key)[:4]."""

    def __init__(self, name: str, kind: bytes, public: bytes) -> None:
        self.name, self.public = name, public
        self.id = sha256(name.encode() + b"\n" + kind + public).digest()[:4]
        self.line = f"{name}+{self.id.hex()}+{b64encode(kind + public).decode()}"


def read_key(line: str, kind: bytes) -> Key:
    """The key of a verifier line. Raises Trouble."""
    name, _, rest = line.strip().partition("+")
    key = Key(name, kind, b64decode(rest[9:])[1:])
    if key.line != line.strip():
        raise Trouble("公钥不完整或者抄错了。请对照纸质公告填写整行公钥。")
    return key


class Checkpoint(NamedTuple):
    """A signed note about a tree; lines: its signatures."""

    text: str
    size: int
    root: bytes
    lines: list[list[str]]

    def by(self, key: Key) -> dict[str, bytes]:
        found = {" ".join(line): b64decode(line[2]) for line in self.lines if line[1] == key.name}
        return {line: raw[4:] for line, raw in found.items() if raw[:4] == key.id}


def signed_by(logs: Sequence[Key], data: bytes) -> Checkpoint:
    """A checkpoint by a key of this log; line ends that a mail changed are mended. Raises Trouble, Alarm."""
    if not (found := NOTE.fullmatch(data.decode("utf-8-sig", "replace").replace("\r\n", "\n"))):
        raise Trouble("收到的不是签名的检查点，可能是网页、乱码或不完整的文件。")
    text, origin, size, root, lines = found.groups()
    if origin != logs[-1].name:
        raise Alarm(f"检查点是“{origin}”的，不是“{logs[-1].name}”的。", 404)
    read = Checkpoint(text, int(size), b64decode(root), [x.split(" ") for x in lines.splitlines()])
    for log in logs:
        with suppress(InvalidSignature):
            for signature in (ours := read.by(log).values()):
                Ed25519PublicKey.from_public_bytes(log.public).verify(signature, text.encode())
            if ours:
                return read
    raise Alarm("检查点不是用登记簿的密钥签的：网站可能被冒充。", 403)


def fold(packed: bytes) -> bytes:
    """The root over 2**k hashes."""
    while len(packed) > HASH:
        pairs = (packed[i : i + 2 * HASH] for i in range(0, len(packed), 2 * HASH))
        packed = b"".join(sha256(b"\x01" + pair).digest() for pair in pairs)
    return packed


def climb(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that an audit path (lowest first) gives. Raises IndexError when it is too short."""
    if size == 1:
        return b"" if path else leaf
    middle = 1 << (size - 1).bit_length() - 1
    if index < middle:
        return fold(climb(index, middle, leaf, path[:-1]) + path[-1])
    return fold(path[-1] + climb(index - middle, size - middle, leaf, path[:-1]))


def grown(old: int, new: int, root: bytes, proof: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Both roots that a consistency proof gives (RFC 6962, 2.1.2). Raises StopIteration."""
    if old == new:
        return (root or next(proof),) * 2
    middle = 1 << (new - 1).bit_length() - 1
    if old <= middle:
        older, newer = grown(old, middle, root, proof)
        return older, fold(newer + next(proof))
    older, newer = grown(old - middle, new - middle, b"", proof)
    return fold((left := next(proof)) + older), fold(left + newer)


def tile_path(level: int, index: int, width: int) -> str:
    """Where tlog-tiles keeps a tile: tile/0/x001/234, tile/1/000.p/17."""
    path = f"{index % 1000:03d}"
    while index := index // 1000:
        path = f"x{index % 1000:03d}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < TILE else "")


class Tree:
    """A checkpoint's tree read by tiles; none is believed that does not lead to the root."""

    def __init__(self, top: Checkpoint, fetch: Callable[[str], bytes | None]) -> None:
        self.fetch, self.tiles = fetch, dict[tuple[int, int], bytes]()
        # The partial tiles of the right edge alone give the root; all others hang below them.
        for level in range(top.size.bit_length() // 8 + 1):
            if width := (top.size >> 8 * level) % TILE:
                index = top.size >> 8 * level + 8
                self.tiles[level, index] = self.read(level, index, width)
        if self.root(top.size) != top.root:
            raise Alarm("镜像里的哈希块算不出检查点的根值：镜像损坏，或者有人换过。")

    def read(self, level: int, index: int, width: int) -> bytes:
        path, length = tile_path(level, index, width), width * HASH
        # A partial tile may have given way to the full one.
        found = (self.fetch(path) or self.fetch(tile_path(level, index, TILE)) or b"")[:length]
        if len(found) != length:
            raise Alarm(f"镜像里缺少{path}，或者它太短。")
        return found

    def tile(self, level: int, index: int) -> bytes:
        found = self.tiles.get((level, index)) or self.read(level, index, TILE)
        if (level, index) not in self.tiles and fold(found) != self.node(8 * level + 8, index):
            raise Alarm(f"镜像里{tile_path(level, index, TILE)}与检查点不符。")
        return self.tiles.setdefault((level, index), found) if level else found

    def node(self, height: int, index: int) -> bytes:
        first = index << height % 8
        at = first % TILE * HASH
        return fold(self.tile(height // 8, first // TILE)[at : at + (HASH << height % 8)])

    def root(self, size: int) -> bytes:
        # Perfect subtrees from the right edge on, each joined to what is left of it.
        nodes = [self.node(h, (size >> h) - 1) for h in range(64) if size >> h & 1]
        return reduce(lambda right, left: fold(left + right), nodes or [EMPTY])


def reading(place: str, received: dict[str, bytes]) -> Callable[[str], bytes | None]:
    """Fetches files of a mirror at an address or in a folder, None for a missing one; notes what came."""
    prefix = place.rstrip("/") if "://" in place else Path(place).resolve().as_uri()

    def fetch(name: str) -> bytes | None:
        most, faults = TILE * HASH if "/" in name else MOST, list[Exception]()

        def ask() -> None:
            try:
                with urllib.request.urlopen(f"{prefix}/{name}", timeout=PATIENCE) as answer:
                    received[name] = answer.read(most + 1)
            except Exception as fault:
                faults.append(fault)
                getattr(fault, "close", str)()  # an HTTPError holds its connection

        # A thread, so that a server that drips byte by byte cannot hold us past our patience.
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(PATIENCE)
        if len(received.get(name, bytes(most + 1))) <= most:
            return received[name]
        if any(getattr(x, "code", 0) == 404 or "FileNotFoundError" in repr(x) for x in faults):
            return None
        raise Trouble(f"没有取到{prefix}/{name}（{faults or '太慢或者太大'}），请稍后再试。")

    return fetch


def write(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all, for its owner's eyes (main sets the umask)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb", buffering=0) as stream:
        stream.write(data)
        os.fsync(stream.fileno())
    fresh.replace(path)


class Witness:
    """One witness's folder: settings.json (with the private key), cosigned/<size>.txt, evidence/."""

    def __init__(self, folder: Path) -> None:
        self.kept = kept = json.loads((folder / "settings.json").read_bytes())
        self.folder, self.received = folder, dict[str, bytes]()
        # The newest signs now; what was signed before still counts when it is compared or shown.
        self.logs = [read_key(line, LOG) for line in kept["log"].split()]
        self.log = self.logs[-1]
        self.private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["private"]))
        self.key = Key(kept["name"], COSIGNER, self.private.public_key().public_bytes_raw())

    def take(self, new: Checkpoint, grew: Callable[[Checkpoint], bool]) -> Checkpoint:
        """Co-signs what grew out of the last one; it is on the disk before anybody sees it."""
        kept, last = self.folder / "cosigned", Checkpoint("", 0, EMPTY, [])
        # SQLite's lock holds on Windows and Linux alike and ends with the program; nothing is stored.
        with closing(sqlite3.connect(self.folder / "lock", timeout=60)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            if sizes := [int(path.stem) for path in kept.glob("[0-9]*.txt")]:
                last = signed_by(self.logs, (kept / f"{max(sizes)}.txt").read_bytes())
            seen, told = f"您见过{last.size}条，", f"{last.size}\n"
            if new.size < last.size:
                raise Alarm(f"{seen}这里只有{new.size}条：登记簿变短，或者是旧文件。", 409, told)
            if new.size == last.size and new.root != last.root:
                raise Alarm(f"{seen}这里同样多，根值却不同：登记簿被分叉。", 409, told)
            if not grew(last):
                raise Alarm(f"{seen}它们后来被改过：登记簿被分叉，或者证明不成立。", 422)
            at = int(time.time())
            signature = self.private.sign(f"cosignature/v1\ntime {at}\n{new.text}".encode())
            raw = b64encode(self.key.id + at.to_bytes(8, "big") + signature).decode()
            note = "\n".join([new.text, *new.by(self.log), f"— {self.key.name} {raw}", ""])
            write(kept / f"{new.size}.txt", note.encode())
        return signed_by([self.log], note.encode())

    def take_mirror(self, place: str, whole: str) -> Checkpoint:
        fetch = reading(place, self.received)
        new = signed_by([self.log], fetch("checkpoint") or b"")

        def grew(last: Checkpoint) -> bool:
            tree = Tree(new, fetch)
            for index in range(new.size >> 8 if whole else 0):
                tree.tile(0, index)
            return tree.root(last.size) == last.root

        return self.take(new, grew)

    def take_request(self, body: bytes) -> Checkpoint:
        self.received = {"request.txt": body}
        asked = REQUEST.fullmatch(body.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
        if asked is None:
            raise Trouble("不是检查点请求，第一行应为“old 条数”。")
        old, proof = int(asked[1]), iter([b64decode(step) for step in asked[2].split()])
        new = signed_by([self.log], asked[3].encode())
        if old > new.size:
            raise Trouble("请求自相矛盾。")

        def grew(last: Checkpoint) -> bool:
            if old != last.size:
                why = f"您见过{last.size}条，附的证明却从{old}条起。请改用镜像网址核对。"
                raise Trouble(why, 409, f"{last.size}\n")
            with suppress(StopIteration):
                known = grown(old, new.size, last.root, proof) if old else (last.root, new.root)
                return known == (last.root, new.root) and next(proof, None) is None
            return False

        return self.take(new, grew)

    def do_check(self, place: str, whole: str = "") -> str:
        try:
            if Path(place).is_file():
                body = Path(place).read_bytes()[:MOST]
                taken = self.take_request(body if b"old " in body[:7] else b"old 0\n\n" + body)
            else:
                taken = self.take_mirror(place, whole)
        except Alarm as alarm:
            if alarm.args[-1] == 403 and self.successors(place):
                raise Trouble("登记簿换了密钥。请照县里盖章的公告运行rekey，再核对。") from None
            raise
        return f"已核对并签名：{taken.size}条，见{self.folder / 'cosigned' / f'{taken.size}.txt'}。"

    def successors(self, place: str) -> str:
        """What the known key says of another: in the mirror's file `keys`, or the one beside a file."""
        fetch = reading(str(Path(place).parent) if Path(place).is_file() else place, self.received)
        told = ""
        with suppress(Trouble):
            for note in (fetch("keys") or b"").replace(b"\r\n", b"\n").split(b"\n\n\n"):
                with suppress(Trouble):
                    told += signed_by([self.log], note.strip() + b"\n").text
        return told

    def do_rekey(self, place: str, line: str) -> str:
        """Follows the log to its next key, which the paper notice and the key known so far name alike."""
        coming = read_key(line, LOG)
        if f"\nkey {coming.line}\n" not in self.successors(place):
            raise Alarm("没有旧密钥签的、写着这个新公钥的换钥公告：不要改认，请打电话问县里。")
        self.kept["log"] += f" {coming.line}"
        write(self.folder / "settings.json", json.dumps(self.kept).encode())
        return f"已改认新公钥：{coming.line}"

    def keep(self, why: str) -> Path:
        stamp = sha256(b"".join(self.received.values())).hexdigest()[:12]
        folder = self.folder / "evidence" / f"{time.strftime('%Y%m%d')}-{stamp}"
        for name, data in {**self.received, "why.txt": why.encode()}.items():
            write(folder / name, data)
        return folder

    def do_serve(self, host: str = "127.0.0.1", port: str = "8151") -> None:
        def answer(door: Any) -> None:
            length = door.headers.get("Content-Length", "")
            try:
                if door.path != "/add-checkpoint" or not re.fullmatch("[0-9]{1,5}", length):
                    raise Trouble("这里只收/add-checkpoint。", 404)
                taken = self.take_request(door.rfile.read(int(length)))
                status, told, body = 200, "", [*taken.by(self.key)][-1] + "\n"
            except Trouble as trouble:
                body, status, told = (*trouble.args, 400, "")[:3]
                if isinstance(trouble, Alarm) and status in (409, 422):
                    door.log_error("报警：%s证据存在%s", body, self.keep(body))
            door.send_response(status)
            door.send_header("Content-Type", "text/x.tlog.size" if told else PLAIN)
            door.end_headers()
            door.wfile.write((told or body).encode())

        door = type("Door", (BaseHTTPRequestHandler,), {"timeout": PATIENCE, "do_POST": answer})
        HTTPServer((host, int(port)), door).serve_forever()

    def do_compare(self, one: str, other: str, mirror: str = "") -> str:
        """Whether two co-signed checkpoints are of one tree. Raises Alarm when the log showed two."""
        notes = [signed_by(self.logs, Path(each).read_bytes()) for each in (one, other)]
        old, new = sorted(notes, key=lambda note: note.size)
        if old.size < new.size and not mirror:
            raise Trouble("两份条数不同：请再写上镜像的网址或文件夹，才能比较。")
        if old.root != (Tree(new, reading(mirror, {})).root(old.size) if mirror else new.root):
            raise Alarm("两份都是登记簿签的，却不是同一棵树：登记簿给不同的人看了不同的内容。")
        return f"两份检查点属于同一棵树：{old.size}条和{new.size}条。"

    def do_verify(self, file: str) -> str:
        """Checks a record's proof from the portal; returns what it says. Raises Trouble, Alarm."""
        proof: dict[str, Any] = json.loads(Path(file).read_bytes())
        seen, given = signed_by(self.logs, proof["note"].encode()), proof["disclosure"]
        place, number = proof["position"], proof["entry_id"]
        pack = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
        shown = {"open": given["open"], **{f"text:{k}": v for k, v in given["text"].items()}}
        digests = {name: bytes.fromhex(digest) for name, digest in given["hidden"].items()}
        for name, salt in given["salts"].items():
            digests[name] = sha256(bytes.fromhex(salt) + pack(shown.pop(name)).encode()).digest()
        committed = sha256(b"zhengxin-commitment-1")
        for label, digest in sorted((name.encode(), digests[name]) for name in digests):
            committed.update(len(label).to_bytes(2, "big") + label + digest)
        leaf = pack({**given["leaf"], "commitment": committed.hexdigest()}).encode()
        path = [bytes.fromhex(step) for step in proof["path"]]
        sound = not shown and 0 <= place < seen.size and given["leaf"]["id"] == number
        if not sound or climb(place, seen.size, sha256(b"\0" + leaf).digest(), path) != seen.root:
            raise Alarm("凭证与登记簿不符：里面的内容不是登记时的内容。请不要据此办事。")
        return f"凭证与登记簿相符，第{number}条：{pack(given['open'] | given['text'])}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    witness, folder = None, Path(os.environ.get("ZHENGXIN_WITNESS", "zhengxin-witness"))
    os.umask(0o077)
    try:
        command, *places = sys.argv[1:] if arguments is None else arguments
        if command == "--help":
            return print(__doc__) or 0
        if command == "init":
            name, log = places
            if not re.fullmatch(r"[^\s+]+", name) or (folder / "settings.json").exists():
                raise Trouble("名称中不能有空格和加号；已有密钥的文件夹不能再造。")
            private = Ed25519PrivateKey.generate().private_bytes_raw().hex()
            kept = {"name": name, "log": read_key(log, LOG).line, "private": private}
            write(folder / "settings.json", json.dumps(kept).encode())
        witness = Witness(folder)
        print(witness.key.line if command == "init" else getattr(witness, f"do_{command}")(*places))
    except Trouble as trouble:
        alarm = isinstance(trouble, Alarm)
        print("报警：" if alarm else "没有办成：", trouble.args[0], file=sys.stderr)
        if witness and witness.received:
            print(f"没有签名，证据存在{witness.keep(trouble.args[0])}。", file=sys.stderr)
        return 1 + alarm
    except (LookupError, TypeError, ValueError, AttributeError, OSError, sqlite3.Error) as error:
        print(f"没有办成：{error!r}\n\n{__doc__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
