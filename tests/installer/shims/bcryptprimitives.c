/* For the tests: wine 8 has no bcryptprimitives.dll, which every Windows since 8 has. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T size)
{
    const ULONG most = 1 << 20;
    while (size > 0) {
        ULONG part = size < most ? (ULONG)size : most;
        if (!RtlGenRandom(data, part))
            return FALSE;
        data += part;
        size -= part;
    }
    return TRUE;
}
