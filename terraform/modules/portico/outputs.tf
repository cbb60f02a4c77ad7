# For Producer Portal, for the application's developer, and for the scripts. README.md says where
# each belongs.

output "dashboard" {
  description = "Address of the dashboard."
  value       = "https://console.cloud.google.com/monitoring/dashboards/builder/${element(split("/", google_monitoring_dashboard.main.id), -1)}?project=${var.project}"
}

output "dead_letters_subscription" {
  description = "For `operator dead-letters --subscription`."
  value       = google_pubsub_subscription.dead_letters.id
}

output "dns_record" {
  description = "Record to make at the domain's registrar; null without a load balancer."
  value       = local.load_balanced ? "${var.domain}. 300 IN A ${google_compute_global_address.main[0].address}" : null
}

output "events_topic" {
  description = "Topic on which the application hears of changes."
  value       = google_pubsub_topic.changes.id
}

output "functions" {
  description = "The functions: where each is reached, at Cloud Run's address and for its callers, by which paths on the domain, whether it has been deployed and of which image. Scripts read the set from here."
  value = {
    for name in keys(local.configured) : name => {
      deployed   = contains(keys(local.deployed), name)
      image      = lookup(local.images, name, null)
      paths      = local.functions[name].routes
      public_url = local.public_urls[name]
      run_url    = local.run_urls[name]
      service    = "${local.name}-${name}"
      ingress    = local.functions[name].ingress
      audience   = lookup(local.identity_audiences, name, null)
    }
  }
}

output "google_sign_in_redirect_uris" {
  description = "Authorized redirect URIs of the OAuth client."
  value = var.google_sign_in == "off" ? [] : [
    "${local.public_urls["signup"]}/signup/callback",
    "${local.public_urls["sso-login"]}/login/callback",
  ]
}

output "hand_off_keys_url" {
  description = "Where the application gets the keys that verify the hand-off, which is also its `iss`."
  value       = "https://www.googleapis.com/service_accounts/v1/metadata/x509/${google_service_account.hand_off.email}"
}

output "login_url" {
  description = "For Producer Portal: the login URL (SSO)."
  value       = "${local.public_urls["sso-login"]}/login"
}

output "marketplace_subscription" {
  description = "Subscription by which the Marketplace's events arrive. null: set marketplace_topic, after the service accounts are linked in Producer Portal."
  value       = one(module.marketplace[*].id)
}

output "operator_environment" {
  description = "The environment of `operator`."
  value = merge(
    {
      ERASE_AFTER          = tostring(var.erase_after_days)
      EVENTS_TOPIC         = google_pubsub_topic.changes.id
      FIRESTORE_DATABASE   = google_firestore_database.main.name
      GOOGLE_CLOUD_PROJECT = var.project
      PROCUREMENT_PROVIDER = var.procurement_provider
      PRODUCTS             = join(",", var.products)
    },
    # `operator usage csv` names metrics as Google does.
    local.metered ? { SERVICE_NAME = local.usage_service_name } : {},
  )
}

output "registry" {
  description = "Where images are pushed to."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.main.repository_id}"

  # To scripts/deploy.sh it says that the foundation is laid: what has to be prepared before functions
  # are deployed must be there too, also if an apply failed on its way.
  depends_on = [
    google_compute_global_address.main,
    google_firestore_database.main,
    google_secret_manager_secret.google_client,
    module.function,
  ]
}

output "replay_topic" {
  description = "For `operator dead-letters replay --to`."
  value       = google_pubsub_topic.replay.id
}

output "scheduler_region" {
  description = "Where Cloud Scheduler's jobs are, for `operator doctor`."
  value       = coalesce(var.scheduler_region, var.region)
}

output "service_account_link" {
  description = "For the application's developer: where links are asked for, and the audience of the identity token; null if it is not configured."
  value = var.service_account_link == null ? null : {
    url      = "${local.public_urls["service-account-link"]}/service-account-links"
    audience = local.identity_audiences["service-account-link"]
  }
}

output "service_accounts_to_link" {
  description = "For Producer Portal: service account → why it is linked. Access to the Procurement API and to the Marketplace's topic is given by this link alone: no IAM role gives it, and nothing here can."
  value = {
    (module.function["signup"].email)             = "Partner Procurement API: approves accounts and orders"
    (module.function["procurement-events"].email) = "Partner Procurement API: reads and approves accounts and orders"
    (google_service_account.subscriber.email)     = "Pub/Sub: subscribes to the Marketplace's events"
  }
}

output "signup_url" {
  description = "For Producer Portal: the sign-up URL."
  value       = "${local.public_urls["signup"]}/signup"
}

output "usage_report" {
  description = "For the application's developer: where usage is recorded, and the audience of the identity token; null without usage-based prices."
  value = local.metered ? {
    url      = "${local.public_urls["usage-report"]}/usage"
    audience = local.identity_audiences["usage-report"]
  } : null
}
