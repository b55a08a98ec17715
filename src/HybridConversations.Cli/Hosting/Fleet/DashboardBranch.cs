using Orleans.Dashboard;

namespace HybridConversations.Cli.Hosting.Fleet;

/// <summary>Orleans' dashboard below <c>/orleans</c>. It lives on the silo's services, which are there only once the silo has joined.</summary>
internal static class DashboardBranch
{
    private const string Path = "/orleans";

    public static void Map(WebApplication app, Func<IServiceProvider?> silo)
    {
        RequestDelegate? dashboard = null;
        app.Map(Path + "/{**rest}", async context =>
        {
            if (silo() is not { } services)
            {
                throw new ProblemException(ProblemCodes.Unready("The silo has not joined the fleet yet.", 1000));
            }

            dashboard ??= Build(services);
            var outer = context.RequestServices;
            await using var scope = services.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            context.SetEndpoint(null);
            try
            {
                await dashboard(context);
            }
            finally
            {
                context.RequestServices = outer;
            }
        });
    }

    private static RequestDelegate Build(IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        return branch.Build();
    }
}
