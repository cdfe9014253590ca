#!/bin/bash
# check_node.sh: say what is missing when the page cannot be built here.
set -euo pipefail

found=$(node --version 2>/dev/null || true)
major=${found#v}
major=${major%%.*}
if [ -z "$found" ] || [ "$major" -lt 20 ] || ! command -v npm >/dev/null; then
    echo "웹 페이지를 만들려면 Node.js 20 이상과 npm이 필요합니다(지금: ${found:-없음}). 설치한 뒤 다시 시작하세요." >&2
    echo "Building the page takes Node.js 20 or newer with npm (found: ${found:-none}). Install it and start again." >&2
    exit 1
fi
