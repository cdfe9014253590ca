#!/bin/sh
# install_monado.sh [PREFIX]: unpack Debian trixie's Monado 25 (an OpenXR runtime) into PREFIX, default .cache/monado.
#
# Debian 12 has no Monado. Trixie's packages are unpacked beside the system, nothing of the system changes, and
# PREFIX/xrun starts their programs, or this machine's own Python, on their libc. Only the tests need this.
# Idempotent: a stamp tells what is there. Needs root or sudo, and the Debian mirror that apt already uses.
set -eu

project=$(dirname "$(dirname "$(readlink -f "$0")")")
prefix=$(readlink -m "${1:-$project/.cache/monado}")
partial=$prefix.partial
packages=monado-service,libopenxr1-monado,mesa-vulkan-drivers,libegl1,libegl-mesa0,libgl1,libglx-mesa0
recipe=$(cksum < "$0" | cut -d' ' -f1)

say() { printf '[monado] %s\n' "$*" >&2; }
fail() { say "$1"; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

mirror() {
    # The mirror of the machine's own release, as apt knows it (sources.list or *.sources, either form).
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Codename: $codename" |
        head -n 1
}

write_launcher() {
    cat > "$partial/xrun" <<'LAUNCHER'
#!/bin/sh
# xrun PROGRAM [ARGUMENT…]: run an unpacked program, or the machine's own Python, on the unpacked libc.
prefix=$(dirname "$(readlink -f "$0")")
case $(uname -m) in
    x86_64) triplet=x86_64-linux-gnu loader=$prefix/usr/lib64/ld-linux-x86-64.so.2 ;;
    aarch64) triplet=aarch64-linux-gnu loader=$prefix/usr/lib/ld-linux-aarch64.so.1 ;;
    *) echo "xrun: no Monado for $(uname -m)" >&2; exit 1 ;;
esac
libraries=$prefix/usr/lib/$triplet
: "${XDG_RUNTIME_DIR:?set it to a private directory of mode 0700}"
export XR_RUNTIME_JSON="${XR_RUNTIME_JSON:-$prefix/usr/share/openxr/1/openxr_monado.json}"
export VK_DRIVER_FILES="$(echo "$prefix"/usr/share/vulkan/icd.d/lvp_icd*.json)"
export __EGL_VENDOR_LIBRARY_FILENAMES="$prefix/usr/share/glvnd/egl_vendor.d/50_mesa.json" LIBGL_ALWAYS_SOFTWARE=1
name=$1
shift
exec "$loader" --library-path "$libraries:$prefix/usr/lib:$libraries/blas:$libraries/lapack:$libraries/pulseaudio" \
    --argv0 "$name" "$(readlink -f "$(command -v "$name")")" "$@"
LAUNCHER
    chmod +x "$partial/xrun"
}

trim() {
    (
        cd "$partial"
        rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/info usr/share/gdal usr/share/proj \
            var/cache var/lib/apt usr/lib/*/libvulkan_intel*.so usr/lib/*/libvulkan_nouveau.so \
            usr/lib/*/libvulkan_radeon.so usr/lib/*/libvulkan_virtio.so usr/lib/*/libvulkan_gfxstream.so
    )
}

unpack() {
    for tool in apt-get dpkg; do
        command -v "$tool" > /dev/null || fail "$tool is missing: this recipe needs Debian or a derivative of it."
    done
    [ "$(id -u)" -eq 0 ] || command -v sudo > /dev/null || fail "Run as root, or install sudo."
    if [ -z "$(mirror)" ]; then
        say "reading the machine's package lists"
        as_root apt-get update -qq
    fi
    source=$(mirror)
    [ -n "$source" ] || fail "apt names no Debian mirror: check /etc/apt/sources.list and run apt-get update."
    if ! command -v mmdebstrap > /dev/null; then
        say "installing mmdebstrap"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap
    fi
    as_root rm -rf "$partial"
    say "unpacking trixie's $packages from $source (about 200 MB to fetch, 500 MB on disk)"
    as_root mmdebstrap --variant=extract --mode=root --aptopt='APT::Install-Recommends "false"' \
        --include="$packages" trixie "$partial" "$source"
    as_root chown -R "$(id -u):$(id -g)" "$partial"
    trim
    write_launcher
    echo "$recipe" > "$partial/.recipe"
    as_root rm -rf "$prefix"
    mv "$partial" "$prefix"
}

mkdir -p "$(dirname "$prefix")"
exec 9> "$prefix.lock"
flock 9 # a second run waits for the first, then finds its stamp
if [ "$(cat "$prefix/.recipe" 2> /dev/null)" = "$recipe" ]; then
    say "already in $prefix"
else
    unpack
    say "ready in $prefix"
fi
