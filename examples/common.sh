# What the `run` of each example shares; to be read with `.` by a POSIX shell.

# Takes address, key and project from reupload-data/dev.env here or above, or from the file in DEV_ENV, unless they are set.
load_environment() {
    [ -z "${REUPLOAD_API_KEY:-}" ] || return 0
    folder=$PWD
    while [ -z "${DEV_ENV:-}" ] && [ "$folder" != / ]; do
        if [ -f "$folder/reupload-data/dev.env" ]; then DEV_ENV=$folder/reupload-data/dev.env; fi
        folder=$(dirname "$folder")
    done
    if [ -z "${DEV_ENV:-}" ]; then
        echo "no reupload-data/dev.env here or above: start \`reupload dev\` first, or set DEV_ENV to its file" >&2
        exit 1
    fi
    case $DEV_ENV in /*) ;; *) DEV_ENV=$PWD/$DEV_ENV ;; esac
    set -a
    . "$DEV_ENV"
    set +a
}

# Installs the packages of an example, $1, as npm would from its registry, again when they have changed; then runs the words behind it.
install_packages() {
    example=$1
    sdk=$example/../../sdk/js
    shift
    wanted=$(cd "$sdk" && cat package-lock.json "$example/package-lock.json" packages/*/package.json $(find packages/*/src -type f | sort) | sha256sum)
    if [ "$(cat "$example/node_modules/.installed" 2>/dev/null)" != "$wanted" ]; then
        echo "installing (a minute, the first time)" >&2
        "$example/../../scripts/build-sdk-js"
        rm -rf "$example/node_modules/@reupload"
        (cd "$example" && npm ci --silent --no-fund --no-audit --install-links && "$@")
        echo "$wanted" >"$example/node_modules/.installed"
    fi
}

# Makes an endpoint for webhooks of example $1 on port $2, once. Its secret is kept beside dev.env.
load_webhook_secret() {
    if [ -n "${REUPLOAD_WEBHOOK_SECRET:-}" ] || [ -z "${DEV_ENV:-}" ]; then return 0; fi
    data=$(dirname "$DEV_ENV")
    secret=$data/$1-$2.webhook-secret
    reupload=${REUPLOAD_BIN:-$(command -v reupload || echo "$here/../../target/debug/reupload")}
    if [ ! -s "$secret" ]; then
        url=http://127.0.0.1:$2/api/webhooks/reupload
        made=$("$reupload" admin --data "$data" webhook create --project "$REUPLOAD_PROJECT_ID" --url "$url" --json)
        (umask 077 && node -p 'JSON.parse(process.argv[1]).secret' "$made" >"$secret")
    fi
    REUPLOAD_WEBHOOK_SECRET=$(cat "$secret")
    export REUPLOAD_WEBHOOK_SECRET
}
