# shellcheck shell=bash
# Shared by ./run and ./test, which source it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        say "sudo $*"
        sudo "$@"
    else
        fail "This needs root, and sudo is not there. Run it as root: $*"
    fi
}

ensure_dotnet() {
    command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' && return
    fail "The .NET 10 SDK is missing. Install it from https://dotnet.microsoft.com/download and start again."
}

# A probe is a command, or a path that may hold a star.
is_there() {
    case $1 in
        /*) compgen -G "$1" >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# ensure_packages package=probe ...: installs the Debian packages whose probe finds nothing.
ensure_packages() {
    local pair missing=()
    for pair; do is_there "${pair#*=}" || missing+=("${pair%%=*}"); done
    [ ${#missing[@]} = 0 ] && return
    command -v apt-get >/dev/null || fail "Install these with your package manager: ${missing[*]}"
    say "Installing ${missing[*]} with apt-get."
    install_quietly "${missing[@]}"
    for pair; do
        is_there "${pair#*=}" || fail "${pair%%=*} was installed, but ${pair#*=} is still missing."
    done
}

# Overture starts its own private servers, so those of the packages neither start now nor at the next boot.
install_quietly() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    if [[ " $* " = *" postfix "* ]]; then
        echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
    fi
    wait=(-o DPkg::Lock::Timeout=600)
    as_root apt-get "${wait[@]}" update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get "${wait[@]}" install -y -q --no-install-recommends "$@" >&2
    [ -d /run/systemd/system ] || exit 0
    for service in postgresql postfix dovecot; do
        [[ " $* " = *" $service"* ]] && as_root systemctl disable --now "$service" >&2 || true
    done
)
