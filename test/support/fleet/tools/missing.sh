# shellcheck shell=sh
# Read by the tools beside it: ends as a shell does that does not find the tool, where the host's fault says so.
case $FLEET_MISSING in
  *" ${0##*/} "*)
    echo "sh: 1: ${0##*/}: not found" >&2
    exit 127
    ;;
esac
