#!/bin/bash
# bootstrap_python.sh VENV: make a virtual environment with Python 3.11, or say what is missing.
set -euo pipefail

venv=$1

is_right() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

python=
for candidate in "${PYTHON:-}" python3.11 python3; do
    if [ -n "$candidate" ] && is_right "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "파이썬 3.11이 필요합니다(지금: $(python3 --version 2>&1 || echo 없음)). 설치한 뒤 make run PYTHON=/경로/python3.11로 다시 시작하세요." >&2
    echo "Python 3.11 is needed (found: $(python3 --version 2>&1 || echo none)). Install it, then start again with make run PYTHON=/path/to/python3.11." >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "python3-venv 꾸러미가 없어 apt로 설치합니다. · The package python3-venv is missing; installing it with apt." >&2
    if ! command -v apt-get >/dev/null; then
        echo "apt가 없는 시스템입니다. 파이썬의 venv 모듈을 직접 설치하세요. · There is no apt here; install Python's venv module yourself." >&2
        exit 1
    fi
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
fi

"$python" -m venv "$venv"
