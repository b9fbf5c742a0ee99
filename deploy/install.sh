#!/bin/sh
# 在没有网络的机器上安装政信：sh install.sh [文件夹]，默认 /opt/zhengxin。重复运行就是升级，不碰数据。
# 用PostgreSQL的：POSTGRES=yes sh install.sh [文件夹]。
set -eu
cd "$(dirname "$0")"
target=${1:-/opt/zhengxin}
wanted=$(cat PYTHON)
locked=base.txt
[ "${POSTGRES:-no}" = no ] || locked=postgres.txt
python=${PYTHON:-python$wanted}

say() { echo "$*" >&2; }

sha256sum --check --quiet --strict SHA256SUMS || {
  say "没有安装：有文件和清单SHA256SUMS不符，可能在拷贝中损坏或被改过。请重新拷贝，再核对压缩包的SHA-256。"
  exit 1
}
[ "$(uname -m)" = "$(cat ARCHITECTURE)" ] || {
  say "没有安装：这一包给$(cat ARCHITECTURE)的机器，本机是$(uname -m)。请换对应的一包。"
  exit 1
}
"$python" -c "import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" 2>/dev/null || {
  say "没有安装：需要带venv的Python $wanted。已装在别处的，用 PYTHON=路径 sh install.sh 指定。"
  exit 1
}
mkdir -p "$target"
# 旧程序的文件不留下；law、sources里自己加的不动。
rm -rf "$target/zhengxin"
cp -R source/. "$target/"
"$python" -m venv "$target/.venv"
pip="$target/.venv/bin/python -m pip --disable-pip-version-check --quiet install --no-index"
$pip --find-links wheels --require-hashes -r "source/requirements/$locked"
$pip --no-deps --no-build-isolation -e "$target"
# The services may not write there.
"$target/.venv/bin/python" -m compileall -q "$target/zhengxin"
"$target/.venv/bin/zhengxin" --help >/dev/null
say "已装好：$target/.venv/bin/zhengxin。下一步见 $target/docs/how-to/install.md 。"
