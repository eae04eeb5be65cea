# SPDX-License-Identifier: Apache-2.0
# What the room `web` embeds: its templates, its own assets, the playbooks, and Bootstrap's stylesheet from Debian's libjs-bootstrap5.
# Included from src/CMakeLists.txt after the room is made.
find_file(BOOTSTRAP_CSS bootstrap.min.css PATHS /usr/share/bootstrap-html/css /usr/share/javascript/bootstrap5/css
  NO_DEFAULT_PATH REQUIRED)
file(GLOB templates CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/web/templates/*.html)
file(GLOB assets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/web/assets/*)
abate_embed(abate_web abate::web embedded_templates ${templates})
abate_embed(abate_web abate::web embedded_assets ${assets} ${BOOTSTRAP_CSS})
file(GLOB playbooks CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/policy/playbooks/*.md)
abate_embed(abate_web abate::web embedded_playbooks ${playbooks})
abate_embed(abate_web abate::web embedded_openapi ${PROJECT_SOURCE_DIR}/src/web/api/openapi.json)
