namespace HybridConversations.Simulation.Catalogue;

/// <summary>A device in one of its power modes.</summary>
/// <param name="Id">E.g. <c>orin-nx-16gb</c>.</param>
/// <param name="Mode">Power mode, e.g. <c>maxn</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Family">Devices whose engines behave alike, e.g. <c>orin-nx</c>.</param>
/// <param name="MemoryGib">Memory, shared by processor and GPU.</param>
/// <param name="BandwidthGbs">Of that memory, 10⁹ bytes a second.</param>
/// <param name="CudaCores">Of the GPU.</param>
/// <param name="GpuGhz">Clock of the GPU in this mode.</param>
/// <param name="TensorTflops">Dense 16-bit tensor operations, 10¹² a second, in this mode.</param>
/// <param name="Watts">What the mode allows the module: an upper limit of what it draws.</param>
/// <param name="Source">Where the figures are from.</param>
public sealed record DeviceSpec(
    string Id, string Mode, string Name, string Family, double MemoryGib, double BandwidthGbs, int CudaCores, double GpuGhz, double TensorTflops, double Watts, string Source)
{
    /// <summary>As it is asked for on a command line: <c>orin-nx-16gb@maxn</c>.</summary>
    public string FullId => $"{Id}@{Mode}";

    /// <summary>Thousands of cores times GHz: what general arithmetic scales with.</summary>
    public double Arithmetic => CudaCores / 1024.0 * GpuGhz;

    internal static DeviceSpec Of(CsvTable.Row row) => new(
        row.Text("id"), row.Text("mode"), row.Text("name"), row.Text("family"), row.Number("memory_gib"), row.Number("bandwidth_gbs"), row.Integer("cuda_cores"),
        row.Number("gpu_ghz"), row.Number("tensor_tflops"), row.Number("watts"), row.Text("source"));
}
