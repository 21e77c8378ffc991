/* What a file is for, by its path. */
#include "analysis/risk/risk_internal.h"

static struct sg_text base_name(struct sg_text path)
{
    for (size_t i = path.size; i > 0; i--)
        if (path.data[i - 1] == '/')
            return (struct sg_text){path.data + i, path.size - i};
    return path;
}

/* Whether a folder of the path (or the file's own stem) is one of the words. */
static bool in_folder(struct sg_text path, const char *words)
{
    size_t from = 0;
    for (size_t i = 0; i < path.size; i++) {
        if (path.data[i] != '/')
            continue;
        if (sg_risk_is_any((struct sg_text){path.data + from, i - from}, words))
            return true;
        from = i + 1;
    }
    return false;
}

static bool is_ci(struct sg_text path, struct sg_text name)
{
    return sg_risk_has_any(path,
                           ".github/workflows/ .github/actions/ .circleci/ .buildkite/ .gitlab-ci "
                           "azure-pipelines .drone.yml .tekton/ bitbucket-pipelines") ||
           sg_risk_is_any(
               name, ".travis.yml action.yml action.yaml appveyor.yml .appveyor.yml Jenkinsfile "
                     "codecov.yml renovate.json dependabot.yml .cirrus.yml cloudbuild.yaml");
}

static bool is_manifest(struct sg_text name)
{
    return sg_risk_is_any(
               name,
               "package.json Cargo.toml go.mod requirements.txt setup.py setup.cfg pyproject.toml "
               "Pipfile Gemfile composer.json pom.xml build.gradle build.gradle.kts Podfile "
               "Package.swift foundry.toml .gitmodules .npmrc .yarnrc .yarnrc.yml pip.conf "
               "bower.json deno.json mix.exs .pypirc packages.config") ||
           sg_risk_ends_with(name, ".gemspec") || sg_risk_ends_with(name, ".csproj") ||
           (sg_risk_starts_with(name, "requirements") && sg_risk_ends_with(name, ".txt"));
}

static bool is_lock(struct sg_text name)
{
    return sg_risk_is_any(
        name, "package-lock.json yarn.lock pnpm-lock.yaml Cargo.lock go.sum Gemfile.lock "
              "composer.lock poetry.lock Pipfile.lock npm-shrinkwrap.json uv.lock "
              "Podfile.lock bun.lockb deno.lock flake.lock");
}

static bool is_vendored(struct sg_text path, struct sg_text name)
{
    return in_folder(path,
                     ".yarn vendor node_modules third_party third-party thirdparty dist external "
                     "bower_components deps typechain artifacts abi abis") ||
           sg_risk_has_any(name, ".min.js .min.css .bundle.js .pb.go _pb2.py .generated. .snap");
}

static bool is_test(struct sg_text path, struct sg_text name)
{
    return in_folder(path, "test tests testing __tests__ spec specs testdata test_data fixtures "
                           "e2e mocks mock t unittests testsuite examples example demo demos fuzz "
                           "androidTest benchmark benchmarks bench scenario simulation") ||
           sg_risk_has_any(name, ".test. .spec. _test. .t.sol Test.java Tests.java Mock") ||
           sg_risk_starts_with(name, "test_") || sg_risk_has_any(path, "/test/ src/test src/tests");
}

static bool is_doc(struct sg_text path, struct sg_text name, enum sg_lang lang)
{
    return lang == SG_LANG_TEXT || in_folder(path, "doc docs man po locale locales i18n") ||
           sg_risk_is_any(name,
                          "CHANGES README LICENSE COPYING AUTHORS NEWS ChangeLog THANKS INSTALL");
}

static bool is_build(struct sg_text path, struct sg_text name, enum sg_lang lang)
{
    (void)path;
    return lang == SG_LANG_SHELL || lang == SG_LANG_MAKE || lang == SG_LANG_M4 ||
           lang == SG_LANG_CMAKE || lang == SG_LANG_DOCKER || sg_risk_ends_with(name, ".gradle") ||
           sg_risk_is_any(
               name, "build.rs meson.build meson_options.txt SConstruct gulpfile.js Gruntfile.js "
                     "webpack.config.js rollup.config.js hardhat.config.js truffle-config.js "
                     "postinstall.js preinstall.js _postinstall.js install.js binding.gyp "
                     "BUILD WORKSPACE Rakefile conftest.py");
}

/* Programs that the project's own people run: deployment, migration, chores. */
static bool is_tool(struct sg_text path, enum sg_lang lang)
{
    return (lang == SG_LANG_JS || lang == SG_LANG_PYTHON || lang == SG_LANG_SOLIDITY) &&
           in_folder(path, "scripts script tasks deploy deployment deployments migrations tools "
                           "hack ci dev solscripts");
}

enum role sg_risk_role_of(struct sg_text path, enum sg_lang lang)
{
    const struct sg_text name = base_name(path);
    if (is_ci(path, name))
        return ROLE_CI;
    if (is_lock(name))
        return ROLE_LOCK;
    if (is_vendored(path, name))
        return ROLE_VENDOR;
    if (sg_risk_starts_with(name, "README") || sg_risk_starts_with(name, "CHANGE"))
        return ROLE_DOC;
    if (is_test(path, name))
        return ROLE_TEST;
    if (is_manifest(name))
        return ROLE_MANIFEST;
    if (is_build(path, name, lang))
        return ROLE_BUILD;
    if (is_doc(path, name, lang))
        return ROLE_DOC;
    if (is_tool(path, lang))
        return ROLE_TOOL;
    if (lang == SG_LANG_UNKNOWN || lang == SG_LANG_JSON || lang == SG_LANG_YAML ||
        lang == SG_LANG_TOML || lang == SG_LANG_MARKUP)
        return ROLE_DATA;
    return ROLE_SOURCE;
}

bool sg_risk_is_program(enum role role)
{
    return role == ROLE_SOURCE || role == ROLE_BUILD || role == ROLE_CI || role == ROLE_TOOL;
}

uint32_t sg_risk_role_percent(enum role role)
{
    static const uint32_t percent[ROLE_COUNT] = {
        [ROLE_SOURCE] = 100,   [ROLE_TEST] = 20, [ROLE_BUILD] = 100, [ROLE_CI] = 100,
        [ROLE_MANIFEST] = 100, [ROLE_LOCK] = 50, [ROLE_DATA] = 45,   [ROLE_DOC] = 8,
        [ROLE_VENDOR] = 30,    [ROLE_TOOL] = 45,
    };
    return percent[role];
}
