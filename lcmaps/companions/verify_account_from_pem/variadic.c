/*
 * The variadic form. Rust 1.95 cannot define C-variadic functions; when it can, this file and the
 * trampoline in lib.rs go.
 */
#include <stdarg.h>
#include <lcmaps/lcmaps_account.h>

#pragma GCC visibility push(hidden)
extern int lcmaps_shim_verify_account_from_pem_va(int narg, ...);
#pragma GCC visibility pop

/* In lib.rs. */
extern int lcmaps_verify_account_from_pem(char *pem_string, lcmaps_account_info_t lcmaps_account);

int lcmaps_shim_verify_account_from_pem_va(int narg, ...)
{
    va_list arguments;
    lcmaps_account_info_t account;
    char *pem;

    if (narg != 2)
        return 1;
    va_start(arguments, narg);
    pem = va_arg(arguments, char *);
    account = va_arg(arguments, lcmaps_account_info_t);
    va_end(arguments);
    return lcmaps_verify_account_from_pem(pem, account);
}
