# Sourced by ./demo and ./check: what they need from Debian.
# shellcheck shell=bash

# Building, and the demonstration's certificates and accounts.
NEEDS_BUILD="gcc libc6-dev libssl-dev pkg-config"
NEEDS_DEMO="$NEEDS_BUILD openssl globus-proxy-utils libnss-wrapper voms-clients python3"
# The tests compare with the original, its modules and its headers.
NEEDS_CHECK="$NEEDS_DEMO librsvg2-bin dpkg-dev g++ make binutils hostname valgrind groff-base libglobus-gssapi-gsi-dev voms-dev libglobus-gss-assist-dev liblcas0 lcas-interface nordugrid-arc-plugins-lcas-lcmaps liblcmaps0 liblcmaps-without-gsi0 liblcmaps-dev lcmaps-basic-interface
  lcmaps-openssl-interface lcmaps-globus-interface lcmaps-plugins-basic-bandn lcmaps-plugins-basic-dummy lcmaps-plugins-basic-localaccount
  lcmaps-plugins-basic-poolaccount lcmaps-plugins-basic-posixenf lcmaps-plugins-voms lcmaps-plugins-verify-proxy"

# need PACKAGE...: installs what is missing, or says what to install.
need() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
      echo "Please install: apt-get install ${missing[*]}" >&2
      return 1
    fi
    echo "Installing ${missing[*]}"
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}" >/dev/null
  fi
  if ! command -v cargo >/dev/null; then
    echo "Please install the Rust toolchain, 1.95 or later: https://rustup.rs" >&2
    return 1
  fi
}
