"""A cryptographic device on this machine, for tests: its key never leaves it. Arguments: key file, verb."""

import os
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def main(key_file: str, verb: str) -> int:
    """Hexadecimal digits in, hexadecimal digits out."""
    cipher = AESGCM(bytes.fromhex(Path(key_file).read_text()))
    value = bytes.fromhex(sys.stdin.read())
    if verb == "wrap":
        nonce = os.urandom(12)
        print((nonce + cipher.encrypt(nonce, value, None)).hex())
        return 0
    try:
        print(cipher.decrypt(value[:12], value[12:], None).hex())
    except InvalidTag:
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
