#!/bin/sh
# Install the distributions of one image, each with its migrations beside its code.
#
#   deploy/docker/install.sh ENVIRONMENT IMAGE      from the root of the repository
set -eu
environment=$1 image=$2

case $image in
    sandbox) services='eligibility claims denials patient-billing analytics' others='deploy/sandbox deploy/standalone' ;;
    *) services=$image others='' ;;
esac

packages='./shared/x12 ./shared/kit'
for service in $services; do packages="$packages ./services/$service"; done
for other in $others; do packages="$packages ./$other"; done
# shellcheck disable=SC2086 - a list of directories without blanks
"$environment/bin/pip" install --no-cache-dir --no-build-isolation --no-deps --disable-pip-version-check $packages

site=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
for service in $services; do
    package=$(echo "$service" | tr - _)
    [ -d "$site/$package/migrations" ] || cp -r "services/$service/migrations" "$site/$package/migrations"
done
