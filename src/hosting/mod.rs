//! What servers are told of a finished site: headers, redirects, and files packed for the way to the reader.
//!
//! The Content-Security-Policy allows what the pages use and nothing else ([`policy`]).

mod packed;
mod policy;
mod servers;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Server;
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;
use crate::portal::Portal;

/// The files for the servers that `[hosting]` names, by path, and the packed ones that it asks for; none
/// without it.
///
/// # Errors
/// That a file cannot be packed.
pub(crate) fn files(portal: &Portal, outputs: &BTreeMap<Arc<str>, BuiltOutput>) -> std::io::Result<Vec<(Arc<str>, Bytes)>> {
    let Some(hosting) = &portal.config.site.hosting else { return Ok(Vec::new()) };
    let made = |path: &str, text: String| (Arc::from(path), Bytes::Made(text.into_bytes().into()));
    let mut files = Vec::new();
    if !hosting.servers.is_empty() {
        let site = servers::Site {
            headers: servers::headers(&policy::policy(portal, outputs)),
            lasting: servers::lasting(portal, outputs.keys()),
            moved: servers::moved(portal),
        };
        for server in &hosting.servers {
            files.extend(match server {
                Server::Netlify => vec![made("_headers", site.list_of_headers()), made("_redirects", site.list_of_redirects("301!"))],
                Server::Cloudflare => vec![made("_headers", site.list_of_headers()), made("_redirects", site.list_of_redirects("301"))],
                Server::Apache => vec![made(".htaccess", site.apache())],
                Server::Nginx => vec![made("hosting/nginx.conf", site.nginx())],
                Server::Caddy => vec![made("hosting/Caddyfile", site.caddy())],
            });
        }
    }
    files.extend(packed::files(outputs, &hosting.compress)?);
    Ok(files)
}
