# The only data source: Cloud Run's addresses hold the project's number.
data "google_project" "main" {
  project_id = var.project
}

locals {
  # Begins the name of everything here, so that environments can be told apart and live in one project.
  name = join("-", compact([var.prefix, var.environment]))

  labels = merge(
    { application = local.name },
    var.environment == null ? {} : { environment = var.environment },
  )

  # Ids of service accounts have 30 characters at most, which leaves room for an environment in shorter ones only.
  account_ids = {
    for name in keys(local.functions) : name => var.environment == null ? "${local.name}-${name}" : "${local.name}-${local.short_names[name]}"
  }
  short_names = {
    procurement-events   = "events"
    service-account-link = "links"
    signup               = "signup"
    sso-login            = "sso-login"
    usage-report         = "usage"
  }

  database = coalesce(var.firestore_database, var.environment == null ? "portico" : local.name)

  secret_locations = coalescelist(var.secret_locations, [var.region])

  # The application's own pages, unless it has them elsewhere.
  application_signup_url = var.application_signup_url != null ? var.application_signup_url : try("${trimsuffix(var.application_url, "/")}/signup", null)
  application_login_url  = var.application_login_url != null ? var.application_login_url : try("${trimsuffix(var.application_url, "/")}/login", null)

  # In role ids and metric names there are no hyphens.
  identifier = replace(local.name, "-", "_")

  load_balanced  = var.domain != null && var.load_balancer
  public_ingress = local.load_balanced || var.existing_load_balancer ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_ALL"

  # Cloud Run's own address of each function, known before the function exists.
  run_urls = {
    for name in keys(local.functions) :
    name => "https://${local.name}-${name}-${data.google_project.main.number}.${var.region}.run.app"
  }

  # Where browsers and callers reach each function.
  public_urls = {
    for name, function in local.functions :
    name => length(function.routes) > 0 && var.domain != null ? "https://${var.domain}" : local.run_urls[name]
  }

  # The `aud` of the identity tokens with which a function is called: another for each, also where
  # several share the vendor's domain, so that no token for one is good for another.
  identity_audiences = {
    for name, function in local.functions : name => local.run_urls[name] if function.identity_only
  }

  # The `aud` of the Marketplace's tokens: the host of the addresses in Producer Portal.
  marketplace_audiences = coalesce(var.marketplace_audiences, distinct([
    for name in ["signup", "sso-login"] : trimprefix(local.public_urls[name], "https://")
  ]))

  # Whether the product has usage-based prices.
  metered = var.metrics != null

  # One product needs no name in front of its service; of several each has its own.
  usage_service_name = (
    length(var.products) == 1
    ? try(var.usage_service_names[var.products[0]], var.usage_service_name)
    : join(",", [for product, service in var.usage_service_names : "${product}=${service}"])
  )

  service_account_project = try(coalesce(var.service_account_link.project, var.project), null)

  # Written out, because a provider's settings must be known before anything exists.
  subscriber_email = "${local.name}-subscriber@${var.project}.iam.gserviceaccount.com"
}
