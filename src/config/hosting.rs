//! `[hosting]`: what servers are told of the site.

use crate::schema::{Node, Reader, table, words};

table! {
    /// What servers are told: headers and redirects in the files that they read, and files packed beforehand.
    pub struct HostingSetting in "[hosting]" {
        /// The servers: `netlify` or `cloudflare` (`_headers`, `_redirects`), `apache` (`.htaccess`), `nginx`
        /// (`hosting/nginx.conf`), `caddy` (`hosting/Caddyfile`).
        servers: Vec<Server> = "[\"netlify\"]",
        /// How files are packed beside themselves: `gzip`, `brotli`; not at all where it is left out.
        compress: Vec<Packing> = "[\"gzip\", \"brotli\"]",
    }
    check one_of_a_file
}

/// Two servers that read one file differently cannot both have it.
fn one_of_a_file(hosting: &HostingSetting, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    if !hosting.servers.contains(&Server::Netlify) || !hosting.servers.contains(&Server::Cloudflare) {
        return Some(());
    }
    let span = node.find(&["servers"]).map_or_else(|| node.span.clone(), |value| value.span.clone());
    reader.report("two-outputs", span, "Netlify and Cloudflare Pages read `_redirects` differently", "leave one of them out");
    None
}

words! {
    /// Servers that are told.
    pub enum Server in "server" {
        /// Netlify.
        Netlify = "netlify",
        /// Cloudflare Pages.
        Cloudflare = "cloudflare",
        /// Apache.
        Apache = "apache",
        /// nginx.
        Nginx = "nginx",
        /// Caddy.
        Caddy = "caddy",
    }
}

words! {
    /// How files are packed.
    pub enum Packing in "packing" {
        /// RFC 1952.
        Gzip = "gzip",
        /// RFC 7932.
        Brotli = "brotli",
    }
}
