#!/bin/bash
# bootstrap_debian.sh: install what the tests drive (browsers, a speech synthesiser, network tools); only what is missing.
set -euo pipefail

wanted=(
    chromium firefox-esr         # the browsers of the end-to-end tests
    xvfb pulseaudio              # Firefox draws WebGL on an X display only, and its audio clock wants a sound card
    libgl1-mesa-dri libegl1      # WebGL in software
    espeak-ng                    # speech for simulated citizens
    iproute2 iptables            # network namespaces and cut links
    postgresql                   # the other database of the ledger
    libportaudio2                # sound devices
    libgl1 libglx0               # what loading OpenXR needs
    mmdebstrap                   # unpacks Monado beside the system
    fonts-noto-cjk               # Korean text on screenshots
)

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    if [ "$status" != installed ]; then missing+=("$package"); fi
done
if [ "${#missing[@]}" -eq 0 ]; then exit 0; fi

if ! command -v apt-get >/dev/null; then
    echo "시험에는 Debian 꾸러미가 필요합니다: ${missing[*]} · The tests take these Debian packages: ${missing[*]}" >&2
    exit 1
fi
echo "시험에 쓰는 꾸러미를 설치합니다 · Installing what the tests use: ${missing[*]}" >&2
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
