#!/usr/bin/env bash
# Pages per second of a blog with 500 posts, beside nginx sending the very same bytes as a file: how much of what this
# machine can send goes into finding and drawing the page. Loopback only; nothing is left behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${BENCH_SECONDS:-5}
posts=500

cargo build --release --locked
laman=$(realpath "${CARGO_TARGET_DIR:-target}/release/laman")
PATH=$PATH:/usr/sbin

folder=$(mktemp -d)
started=()
end() {
    [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap end EXIT
cd "$folder"

# Asks until the answer is yes, for ten seconds at most.
until_is() {
    for _ in $(seq 200); do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.05
    done
    echo "waited in vain: $*" >&2
    exit 1
}

mkdir content
for number in $(seq $posts); do
    {
        printf -- '---\ntitle: Post %d\ndate: 20%02d-%02d-%02d\ntags: [garden, tag-%d]\n---\n\n' \
            "$number" $((number % 20 + 5)) $((number % 12 + 1)) $((number % 28 + 1)) $((number % 30))
        for paragraph in 1 2 3 4 5 6; do
            printf 'Paragraph %d of post %d: *what grows* in a garden, and `what` does not. ' $paragraph "$number"
            printf 'The quick brown fox jumps over the lazy dog, who did not mind in the least. %.0s' 1 2 3
            printf '\n\n'
        done
    } >"content/post-$number.md"
done

echo 'tujuh burung di atas pagar' |
    "$laman" user add --name Aminah --email aminah@blog.example --role owner --password-file - >said
"$laman" import markdown content >>said

"$laman" serve --listen 127.0.0.1:0 --log-level warn >address &
started+=($!)
until_is grep -q '^listening on ' address
blog=$(sed -n 's/^listening on //p' address)

curl=(curl --silent --show-error --fail)
post=$("${curl[@]}" "$blog/" | sed -n 's/.*class="u-url" href="\([^"]*\)".*/\1/p' | head -n 1)
mkdir files
"${curl[@]}" "$blog/" >files/home.html
"${curl[@]}" "$blog$post" >files/post.html

# The first free port will do: nginx cannot be asked to choose.
for port in $(seq 18080 18180); do
    cat >nginx.conf <<CONF
worker_processes auto;
pid $folder/nginx.pid;
error_log $folder/nginx.log;
daemon off;
events {}
http {
    access_log off;
    types { text/html html; }
    sendfile on;
    keepalive_requests 1000000000;
    client_body_temp_path $folder/t1; proxy_temp_path $folder/t2; fastcgi_temp_path $folder/t3;
    uwsgi_temp_path $folder/t4; scgi_temp_path $folder/t5;
    server { listen 127.0.0.1:$port; root $folder/files; }
}
CONF
    nginx -e "$folder/nginx.log" -t -c "$folder/nginx.conf" 2>/dev/null && break
done
chmod 755 "$folder"
nginx -e "$folder/nginx.log" -c "$folder/nginx.conf" &
started+=($!)
until_is "${curl[@]}" --output /dev/null "http://127.0.0.1:$port/home.html"

# Requests a second; an answer that is no page, or a connection that breaks, ends it.
load() {
    wrk -t2 -c32 -d"${seconds}s" "$1" >wrk.txt
    if grep -E 'Non-2xx|Socket errors' wrk.txt >&2; then exit 1; fi
    awk '/^Requests\/sec:/ { printf "%d", $2 }' wrk.txt
}

printf '\n%d posts, %s cores, %d s each, 32 connections; pages a second\n\n' $posts "$(nproc)" "$seconds"
printf '%-6s %8s %10s %10s %8s\n' page bytes laman nginx ratio
for page in home post; do
    [ $page = home ] && path=/ || path=$post
    ours=$(load "$blog$path")
    theirs=$(load "http://127.0.0.1:$port/$page.html")
    printf '%-6s %8d %10d %10d %8s\n' $page "$(stat -c %s "files/$page.html")" "$ours" "$theirs" \
        "$(awk "BEGIN { printf \"%.2f\", $ours / $theirs }")"
done
