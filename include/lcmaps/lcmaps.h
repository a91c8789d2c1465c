/*
 * The interface for programs. Define LCMAPS_GSI_MODE for the functions that take
 * X.509 and GSS credentials as OpenSSL and Globus have them.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_H
#define LCMAPS_H

#ifdef LCMAPS_GSI_MODE
#include "lcmaps_openssl.h"
#include "lcmaps_globus.h"
#else
#include "lcmaps_basic.h"
#endif

#endif /* LCMAPS_H */
