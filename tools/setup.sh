# Sourced by run and test. Everything it says goes to stderr.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
configuration=Release
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { echo "$*" >&2; }

fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# The SDK of global.json, or one line that says what to install.
need_dotnet() {
    local wanted
    wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
    command -v dotnet >/dev/null ||
        fail "the .NET SDK is missing. Install .NET 10 (apt-get install dotnet-sdk-10.0, or https://dotnet.microsoft.com/download/dotnet/10.0)."
    (cd "$root" && dotnet --version) >/dev/null 2>&1 ||
        fail "this needs the .NET SDK $wanted or a later 10.0 one; here is $(dotnet --list-sdks 2>/dev/null | sed 's/ .*//' | paste -sd ' ' | grep . || echo none). Install .NET 10 (https://dotnet.microsoft.com/download/dotnet/10.0)."
}

# Does the choice of a backend leave room for npm's llama.cpp?
native_matters() { [[ -z ${HC_LLAMA_LIB:-} && ${HC_BACKEND:-auto} != llamasharp ]]; }

# Could npm bring it now? After a failure not before the next day.
native_wanted() {
    native_matters && command -v npm >/dev/null &&
        ! compgen -G "$root/tools/native/node_modules/@node-llama-cpp/*/package.json" >/dev/null &&
        [[ -z $(find "$root/artifacts/native.failed" -mmin -1440 2>/dev/null) ]]
}

# The prebuilt llama.cpp, bound directly: a newer release than LLamaSharp's, which NuGet brings and which computes where this one is not.
fetch_native() {
    native_matters || return 0
    if "$root/tools/native/fetch"; then
        rm -f "$root/artifacts/native.failed"
    else
        touch "$root/artifacts/native.failed"
        say "Going on with LLamaSharp's llama.cpp, which NuGet brings (docs/backends.md)."
    fi
}

# Runs a command and shows what it said only when it failed.
quietly() {
    local log
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
    else
        local code=$?
        grep -E 'error|Error' "$log" | sed 's/ \[[^]]*proj\]$//' | sort -u | head -n 40 >&2 || true
        cp "$log" "$root/artifacts/last-failure.log" 2>/dev/null && say "All of it is in artifacts/last-failure.log."
        rm -f "$log"
        return "$code"
    fi
}
