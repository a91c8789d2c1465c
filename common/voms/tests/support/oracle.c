/* What libvomsapi makes of a credential:
   oracle FILE FLAGS TIME VOMSDIR CERTDIR
   prints "refused CODE TEXT", or "accepted" and a line for each thing in it. */
#include <stdio.h>
#include <stdlib.h>
#include <openssl/pem.h>
#include <voms/voms_apic.h>

int main(int argc, char **argv)
{
    int error = 0;
    X509 *certificate, *leaf = NULL;
    STACK_OF(X509) *chain = sk_X509_new_null();
    if (argc != 6)
        return 2;
    FILE *file = fopen(argv[1], "r");
    unsigned flags = (unsigned)strtoul(argv[2], NULL, 0);
    time_t at = atoll(argv[3]);
    struct vomsdata *data = VOMS_Init(argv[4], argv[5]);
    if (!file || !data || !chain)
        return 2;
    if ((flags & 0x7f) != 0x7f)
        VOMS_SetVerificationType((int)flags, data, &error);
    if (at)
        VOMS_SetVerificationTime(at, data, &error);
    while ((certificate = PEM_read_X509(file, NULL, NULL, NULL))) {
        if (!leaf)
            leaf = certificate;
        sk_X509_push(chain, certificate);
    }
    if (!VOMS_Retrieve(leaf, chain, RECURSE_CHAIN, data, &error)) {
        char *text = VOMS_ErrorMessage(data, error, NULL, 0);
        printf("refused %d %s\n", error, text ? text : "");
        return 0;
    }
    puts("accepted");
    for (int i = 0; data->data && data->data[i]; i++) {
        struct voms *v = data->data[i];
        printf("%s|%s|%s|%s|%s|%s|%s|%s\n", v->user, v->userca, v->server, v->serverca,
               v->uri, v->date1, v->date2, v->voname);
        for (char **fqan = v->fqan; fqan && *fqan; fqan++)
            printf("%s\n", *fqan);
    }
    return 0;
}
