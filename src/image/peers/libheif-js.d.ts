/** What is used of libheif's C API, as this build of it names it. */
declare module 'libheif-js/wasm-bundle.js' {
  interface HeifError {
    code: unknown;
    message?: string;
  }
  interface HeifChannel {
    id: unknown;
    width: number;
    height: number;
    stride: number;
    data: Uint8Array;
  }
  interface LibHeif {
    heif_error_code: { heif_error_Ok: unknown };
    heif_colorspace: { heif_colorspace_RGB: unknown };
    heif_chroma: { heif_chroma_interleaved_RGBA: unknown };
    heif_channel: { heif_channel_interleaved: unknown };
    heif_context_alloc(): unknown;
    heif_context_free(context: unknown): void;
    heif_context_read_from_memory(context: unknown, bytes: Uint8Array): HeifError;
    heif_js_context_get_list_of_top_level_image_IDs(context: unknown): number[] | HeifError;
    heif_js_context_get_image_handle(context: unknown, id: number): unknown;
    heif_image_handle_is_primary_image(handle: unknown): number;
    heif_image_handle_release(handle: unknown): void;
    heif_js_decode_image2(
      handle: unknown,
      colorspace: unknown,
      chroma: unknown,
    ): Promise<{ channels: HeifChannel[]; image: unknown; code?: unknown; message?: string } | undefined>;
    heif_image_release(image: unknown): void;
  }
  const libheif: LibHeif;
  export default libheif;
}
