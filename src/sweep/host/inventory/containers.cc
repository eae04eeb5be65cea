// SPDX-License-Identifier: Apache-2.0
// The containers of Docker and Podman, as the engines' own files on the disk describe them; nothing is asked of an
// engine. Docker: DATA/containers/ID/{config.v2,hostconfig}.json, and image/overlay2/layerdb/mounts/ID/mount-id, which
// names the folder of what was changed. Podman: STORAGE/overlay-containers/containers.json and each container's OCI
// configuration. Rootless engines keep the same beneath ~/.local/share. Podman's restart policy stands in a database
// that is not read: what starts its containers again after a boot are units, which are listed as such.
#include <algorithm>

#include <boost/json/parse.hpp>

#include "base/json_fields.h"
#include "base/text.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

namespace json = boost::json;

constexpr std::size_t kContainersMax = 2'000;
constexpr std::size_t kFileBytesMax = std::size_t{4} << 20;
constexpr std::size_t kListMax = 200;  // mounts, ports, variables of one container
constexpr std::size_t kCommandBytesMax = 4'000;
// Where images keep what their web server shows.
constexpr std::string_view kDocroots[] = {"/var/www/html", "/usr/share/nginx/html", "/usr/local/apache2/htdocs",
                                          "/var/www",      "/app/public",           "/bitnami/wordpress"};

json::object object_in(const Tree& tree, std::string_view path) {
  const std::string text = read_or_nothing(tree, path, kFileBytesMax);
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return !error && value.is_object() ? std::move(value.as_object()) : json::object{};
}

json::array array_in(const Tree& tree, std::string_view path) {
  const std::string text = read_or_nothing(tree, path, kFileBytesMax);
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return !error && value.is_array() ? std::move(value.as_array()) : json::array{};
}

std::vector<std::string> texts_of(const json::object& form, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::value& one : list_of(form, name))
    if (one.is_string() && texts.size() < kListMax) texts.emplace_back(one.as_string());
  return texts;
}

void add_words(std::string& command, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (command.size() + word.size() > kCommandBytesMax) return;
    if (!command.empty()) command += ' ';
    command += word;
  }
}

std::uint16_t port_in(std::string_view text) {  // "6379/tcp"
  std::uint32_t port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
    if (port > 65535) return 0;
  }
  return static_cast<std::uint16_t>(port);
}

// {"6379/tcp": [{"HostIp": "", "HostPort": "6379"}]}
void add_ports(const json::object& ports, Container& container) {
  for (const auto& [inside, bindings] : ports) {
    if (!bindings.is_array()) continue;
    const std::string_view text = inside;
    for (const json::value& binding : bindings.as_array()) {
      if (!binding.is_object() || container.ports.size() >= kListMax) continue;
      Container::Port port;
      port.inside = port_in(text);
      port.protocol = text.find("/udp") != std::string_view::npos ? "udp" : "tcp";
      port.address = text_of(binding.as_object(), "HostIp");
      port.port = port_in(text_of(binding.as_object(), "HostPort"));
      const bool same = std::ranges::any_of(container.ports, [&](const Container::Port& one) {
        return one.inside == port.inside && one.port == port.port && one.address == port.address;
      });
      if (!same) container.ports.push_back(std::move(port));
    }
  }
}

void add_mount(Container& container, std::string source, std::string target, bool writable) {
  if (source.empty() || target.empty() || container.mounts.size() >= kListMax) return;
  const auto same = [&](const Container::Mount& one) { return one.target == target; };
  if (std::ranges::any_of(container.mounts, same)) return;
  container.mounts.push_back({normal_path(source), normal_path(target), writable});
}

std::string without_value(std::string_view variable) { return std::string{variable.substr(0, variable.find('='))}; }

class Engines {
 public:
  Engines(Host& host, Notes& notes) : host_{host}, tree_{*host.tree}, notes_{notes} {}

  void docker(const std::string& data, const std::string& account) {
    for (const std::string& path : glob(tree_, join_path(data, "containers/*/config.v2.json"))) {
      const json::object config = object_in(tree_, path);
      Container container{.engine = "docker", .path = path, .account = account};
      container.id = file_name(folder_of(path));
      container.name = text_of(config, "Name");
      if (container.name.starts_with('/')) container.name.erase(0, 1);
      const json::object& how = object_of(config, "Config");
      container.image = text_of(how, "Image");
      container.command = text_of(config, "Path");
      add_words(container.command, texts_of(config, "Args"));
      for (const std::string& variable : texts_of(how, "Env")) container.variables.push_back(without_value(variable));
      const json::object& state = object_of(config, "State");
      container.running = flag_of(state, "Running") && !flag_of(state, "Paused");
      container.created_at = time_of(config, "Created");
      container.started_at = time_of(state, "StartedAt");
      container.log = text_of(config, "LogPath");
      if (container.log.empty()) container.log = fmt::format("{}/{}-json.log", folder_of(path), container.id);
      for (const auto& [target, mount] : object_of(config, "MountPoints"))
        if (mount.is_object())
          add_mount(container, text_of(mount.as_object(), "Source"), std::string{target},
                    flag_of(mount.as_object(), "RW"));
      add_docker_rights(join_path(folder_of(path), "hostconfig.json"), container);
      add_ports(object_of(object_of(config, "NetworkSettings"), "Ports"), container);
      const std::string driver = text_of(config, "Driver");
      const std::string layer{trim(read_or_nothing(tree_,
                                                   fmt::format("{}/image/{}/layerdb/mounts/{}/mount-id", data,
                                                               driver.empty() ? "overlay2" : driver, container.id),
                                                   4096))};
      if (!layer.empty() && layer.find('/') == std::string::npos)
        container.layer = fmt::format("{}/overlay2/{}/diff", data, layer);
      add(std::move(container));
    }
  }

  void podman(const std::string& storage, const std::string& account) {
    const std::string folder = join_path(storage, "overlay-containers");
    for (const json::value& value : array_in(tree_, join_path(folder, "containers.json"))) {
      if (!value.is_object()) continue;
      const json::object& listed = value.as_object();
      Container container{.engine = "podman", .path = join_path(folder, "containers.json"), .account = account};
      container.id = text_of(listed, "id");
      if (container.id.empty() || container.id.find('/') != std::string::npos) continue;
      const std::vector<std::string> names = texts_of(listed, "names");
      container.name = names.empty() ? container.id.substr(0, 12) : names.front();
      container.created_at = time_of(listed, "created");
      boost::system::error_code error;
      const json::value metadata = json::parse(text_of(listed, "metadata"), error);
      if (!error && metadata.is_object()) container.image = text_of(metadata.as_object(), "image-name");
      const std::string layer = text_of(listed, "layer");
      if (!layer.empty() && layer.find('/') == std::string::npos)
        container.layer = fmt::format("{}/overlay/{}/diff", storage, layer);
      const std::string own = fmt::format("{}/{}/userdata", folder, container.id);
      container.log = own + "/ctr.log";
      add_oci(own + "/config.json", container);
      // The network's forwarding is written here; older versions keep it in their database alone.
      const json::object created = object_in(tree_, own + "/artifacts/create-config");
      container.privileged |= flag_of(created, "privileged");
      container.restart = text_of(created, "restart_policy");
      for (const json::value& mapping : list_of(created, "portmappings")) add_podman_port(mapping, container);
      add(std::move(container));
    }
  }

 private:
  static std::optional<Instant> time_of(const json::object& form, std::string_view name) {
    const Result<Instant> at = parse_rfc3339(text_of(form, name));
    return at && *at > Instant{} ? std::optional{*at} : std::nullopt;  // Docker's "never" is the year 1
  }

  void add_docker_rights(const std::string& path, Container& container) {
    const json::object form = object_in(tree_, path);
    container.restart = text_of(object_of(form, "RestartPolicy"), "Name");
    if (container.restart == "no") container.restart.clear();
    container.privileged = flag_of(form, "Privileged");
    container.capabilities = texts_of(form, "CapAdd");
    container.host_network = text_of(form, "NetworkMode") == "host";
    container.host_processes = text_of(form, "PidMode") == "host";
    for (const std::string& bind : texts_of(form, "Binds")) {  // "/:/host:ro"
      const std::vector<std::string_view> parts = split(bind, ':');
      if (parts.size() >= 2 && parts[0].starts_with('/'))
        add_mount(container, std::string{parts[0]}, std::string{parts[1]},
                  parts.size() < 3 || parts[2].find("ro") == std::string_view::npos);
    }
    for (const json::value& mount : list_of(form, "Mounts"))
      if (mount.is_object() && text_of(mount.as_object(), "Type") == "bind")
        add_mount(container, text_of(mount.as_object(), "Source"), text_of(mount.as_object(), "Target"),
                  !flag_of(mount.as_object(), "ReadOnly"));
    add_ports(object_of(form, "PortBindings"), container);
  }

  void add_oci(const std::string& path, Container& container) {
    const json::object form = object_in(tree_, path);
    const json::object& process = object_of(form, "process");
    add_words(container.command, texts_of(process, "args"));
    for (const std::string& variable : texts_of(process, "env")) container.variables.push_back(without_value(variable));
    container.capabilities = texts_of(object_of(process, "capabilities"), "bounding");
    constexpr std::string_view kEngineOwn[] = {"/run/", "/var/lib/containers/", "/sys", "/proc", "/dev"};
    for (const json::value& value : list_of(form, "mounts")) {
      if (!value.is_object()) continue;
      const json::object& mount = value.as_object();
      const std::string source = text_of(mount, "source");
      const std::vector<std::string> options = texts_of(mount, "options");
      const bool engine_own = std::ranges::any_of(
          kEngineOwn, [&](std::string_view own) { return source.starts_with(own) && !source.ends_with(".sock"); });
      if (text_of(mount, "type") == "bind" && !engine_own)
        add_mount(container, source, text_of(mount, "destination"), std::ranges::find(options, "ro") == options.end());
    }
    const json::array& namespaces = list_of(object_of(form, "linux"), "namespaces");
    const auto has = [&](std::string_view kind) {
      return std::ranges::any_of(namespaces, [&](const json::value& one) {
        return one.is_object() && text_of(one.as_object(), "type") == kind;
      });
    };
    if (!namespaces.empty()) {
      container.host_network = !has("network");
      container.host_processes = !has("pid");
    }
  }

  static void add_podman_port(const json::value& value, Container& container) {
    if (!value.is_object() || container.ports.size() >= kListMax) return;
    const json::object& form = value.as_object();
    Container::Port port;
    port.address = text_of(form, "host_ip");
    port.port = static_cast<std::uint16_t>(std::min<std::uint64_t>(number_of(form, "host_port"), 65535));
    port.inside = static_cast<std::uint16_t>(std::min<std::uint64_t>(number_of(form, "container_port"), 65535));
    port.protocol = text_of(form, "protocol") == "udp" ? "udp" : "tcp";
    container.ports.push_back(std::move(port));
  }

  void add(Container container) {
    if (host_.containers.size() >= kContainersMax) return notes_.add("further containers", "there are too many");
    add_autostart(container);
    add_sites(container);
    host_.containers.push_back(std::move(container));
  }

  void add_autostart(const Container& container) {
    Autostart start{.kind = AutostartKind::container,
                    .path = container.path,
                    .name = container.name,
                    .account = container.account,
                    .command = fmt::format("{} ({})", container.command, container.image),
                    .schedule = container.restart.empty() ? "when somebody starts it" : container.restart,
                    .enabled = !container.restart.empty()};
    if (const Result<Stat> stat = tree_.stat(container.path)) start.modified = stat->modified;
    sweep::add_autostart(host_, std::move(start));
  }

  // The web sites in a container, where they lie on this server's disk: in its own layer, or in a folder lent to it.
  void add_sites(const Container& container) {
    for (const std::string_view docroot : kDocroots) {
      if (!container.layer.empty()) add_site(container, container.layer + std::string{docroot});
      for (const Container::Mount& mount : container.mounts) {
        if (mount.source == "/") continue;
        if (lies_in(docroot, mount.target))
          add_site(container, normal_path(mount.source + "/" + std::string{docroot.substr(mount.target.size())}));
        else if (lies_in(mount.target, docroot))
          add_site(container, mount.source);
      }
    }
  }

  void add_site(const Container& container, std::string docroot) {
    const auto known = [&](const Site& one) { return one.docroot == docroot; };
    if (host_.sites.size() >= kSitesMax || std::ranges::any_of(host_.sites, known)) return;
    const Result<Stat> stat = tree_.stat(docroot);
    if (!stat || stat->kind != NodeKind::folder) return;
    Site site{.docroot = std::move(docroot), .server = "container", .config = container.path};
    site.access_logs = {container.log};
    for (const Container::Port& port : container.ports) site.ports.push_back(port.port);
    Application application = application_of(tree_, site.docroot);
    site.application = std::move(application.name);
    site.application_version = std::move(application.version);
    if (const Account* owner = host_.account(stat->uid); owner != nullptr && owner->uid != 0)
      site.account = owner->name;
    host_.sites.push_back(std::move(site));
  }

  Host& host_;
  const Tree& tree_;
  Notes& notes_;
};

}  // namespace

void load_containers(Host& host, Notes& notes) {
  Engines engines{host, notes};
  std::string data = "/var/lib/docker";
  const std::string set = text_of(object_in(*host.tree, "/etc/docker/daemon.json"), "data-root");
  if (set.starts_with('/')) data = normal_path(set);
  engines.docker(data, "root");
  engines.podman("/var/lib/containers/storage", "root");
  for (const Account& account : host.accounts) {
    if (account.uid < 1000 || account.home.size() < 2 || !account.home.starts_with('/')) continue;
    engines.docker(join_path(account.home, ".local/share/docker"), account.name);
    engines.podman(join_path(account.home, ".local/share/containers/storage"), account.name);
  }
}

}  // namespace abate::sweep
