/* For the tests: wine 8 has no icuuc.dll, which Windows has since 10 1703. Qt6Core asks it for converters of
 * character sets; this one knows none, and Qt's own for UTF-8 and Latin 1 need none. */
#define GIVES(type, name) __declspec(dllexport) type name(void) { return (type)0; }
#define DOES(name) __declspec(dllexport) void name(void) {}

enum { U_FILE_ACCESS_ERROR = 4 };

__declspec(dllexport) void *ucnv_open(const char *name, int *error)
{
    (void)name;
    if (error && *error <= 0)
        *error = U_FILE_ACCESS_ERROR;
    return 0;
}

__declspec(dllexport) const char *ucnv_getStandardName(const char *name, const char *standard, int *error)
{
    (void)standard;
    return ucnv_open(name, error);
}

GIVES(int, ucnv_countAvailable)
GIVES(const char *, ucnv_getAvailableName)
GIVES(const char *, ucnv_getName)
GIVES(int, ucnv_getMaxCharSize)
GIVES(int, ucnv_toUCountPending)
GIVES(int, ucnv_fromUCountPending)
DOES(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
DOES(UCNV_TO_U_CALLBACK_SUBSTITUTE)
DOES(ucnv_cbFromUWriteUChars)
DOES(ucnv_cbToUWriteUChars)
DOES(ucnv_close)
DOES(ucnv_fromUnicode)
DOES(ucnv_getFromUCallBack)
DOES(ucnv_getToUCallBack)
DOES(ucnv_reset)
DOES(ucnv_setFromUCallBack)
DOES(ucnv_setToUCallBack)
DOES(ucnv_toUnicode)
